# SPDX-License-Identifier: BSL-1.0
# Catch2 3, with its main: target `weir_catch2`. Headers as <catch2/...>.
set(WEIR_CATCH2_SOURCE "" CACHE PATH
    "A directory with Catch2 3's sources; empty: from Debian's source package")
execute_process(
    COMMAND "${CMAKE_CURRENT_LIST_DIR}/packages/catch2" "${WEIR_DEPS}" ${WEIR_CATCH2_SOURCE}
    OUTPUT_VARIABLE catch2 OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE failed)
if(failed)
    message(FATAL_ERROR "Catch2's sources could not be had; the lines above say why")
endif()
set(CATCH_CONFIG_CONSOLE_WIDTH 100)
set(CATCH_CONFIG_DEFAULT_REPORTER console)
configure_file("${catch2}/src/catch2/catch_user_config.hpp.in"
    "${CMAKE_BINARY_DIR}/catch2/catch2/catch_user_config.hpp")

add_library(weir_catch2 STATIC "${catch2}/catch_amalgamated.cpp")
target_include_directories(weir_catch2 SYSTEM INTERFACE
    "${CMAKE_BINARY_DIR}/catch2" "${catch2}/src")
# Not itself under test: instrumenting it costs minutes and finds nothing.
target_compile_options(weir_catch2 PRIVATE -w -O1 -g0 -fno-sanitize=all)
target_link_libraries(weir_catch2 PUBLIC Threads::Threads)
