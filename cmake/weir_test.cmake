# SPDX-License-Identifier: BSL-1.0
# A folder of tests is one executable and one CTest entry:
#   weir_test(name folder [LINKS targets...] [LABELS labels...] [TIMEOUT seconds]
#       [ARGUMENTS arguments...])
#
# A folder without sources is passed over. Tests include each other's helpers as
# "tests/folder/header.hpp" and run in the repository's root. WEIR_COMMAND, WEIR_LIBRARY and
# WEIR_SOURCE_DIR are string literals there.
function(weir_test name folder)
    cmake_parse_arguments(test "" "TIMEOUT" "LINKS;LABELS;ARGUMENTS" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${folder}/*.cpp")
    if(NOT sources)
        return()
    endif()
    add_executable(${name} ${sources})
    target_link_libraries(${name} PRIVATE ${test_LINKS} weir_test_support weir_catch2 weir_flags)
    # What is tested has the preset's flags; the tests themselves would spend their compiler's time in vain.
    target_compile_options(${name} PRIVATE -O1)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    add_test(NAME ${name} COMMAND ${name} ${test_ARGUMENTS} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
    if(NOT test_TIMEOUT)
        set(test_TIMEOUT 300)
    endif()
    set_tests_properties(${name} PROPERTIES
        TIMEOUT ${test_TIMEOUT} LABELS "${test_LABELS}" ENVIRONMENT "${WEIR_TEST_ENVIRONMENT}")
    set_property(GLOBAL APPEND PROPERTY WEIR_TEST_TARGETS ${name})
endfunction()
