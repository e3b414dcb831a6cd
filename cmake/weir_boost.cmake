# SPDX-License-Identifier: BSL-1.0
# Boost.Context and Boost.Fiber from source, with our flags and overlays: target `boost_fiber`.
#
# Debian's archives are not position independent, and a sanitizer needs its define in every unit.
# The tree and its overlaid copies are shared by all build directories; see boost/fetch and
# boost/overlay.

execute_process(
    COMMAND "${CMAKE_CURRENT_LIST_DIR}/boost/fetch" "${WEIR_DEPS}" ${WEIR_BOOST_SOURCE}
    OUTPUT_VARIABLE boost OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE failed)
if(failed)
    message(FATAL_ERROR "Boost's sources could not be had; the lines above say why")
endif()
set(WEIR_BOOST_TREE "${boost}" CACHE INTERNAL "Boost as it came")

find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
set(overlay "${CMAKE_BINARY_DIR}/boost")
execute_process(
    COMMAND "${Python3_EXECUTABLE}" "${CMAKE_CURRENT_LIST_DIR}/boost/overlay"
        "${boost}" "${overlay}"
    RESULT_VARIABLE failed)
if(failed)
    message(FATAL_ERROR "an overlay did not apply to ${boost}")
endif()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
    "${CMAKE_CURRENT_LIST_DIR}/boost/overlay"
    "${CMAKE_CURRENT_LIST_DIR}/boost/overlays/seat.hpp"
    "${CMAKE_CURRENT_LIST_DIR}/boost/overlays/seat.ipp")

set(fiber "${boost}/libs/fiber/src")
set(context "${boost}/libs/context/src")
# Not taken: work_stealing and shared_work (state for the whole process), numa.
set(sources "${context}/posix/stack_traits.cpp")
foreach(name
        context scheduler algo/algorithm algo/round_robin barrier condition_variable fiber future
        mutex properties recursive_mutex recursive_timed_mutex timed_mutex waker)
    if(EXISTS "${overlay}/src/${name}.cpp")
        list(APPEND sources "${overlay}/src/${name}.cpp")
    else()
        list(APPEND sources "${fiber}/${name}.cpp")
    endif()
endforeach()

if(WEIR_SANITIZE)
    list(APPEND sources "${context}/fiber.cpp" "${context}/continuation.cpp")
else()
    set(abi_x86_64 x86_64_sysv)
    set(abi_aarch64 arm64_aapcs)
    if(NOT DEFINED abi_${CMAKE_SYSTEM_PROCESSOR})
        message(FATAL_ERROR "no switch is known for processor '${CMAKE_SYSTEM_PROCESSOR}'")
    endif()
    foreach(routine jump make ontop)
        list(APPEND sources "${context}/asm/${routine}_${abi_${CMAKE_SYSTEM_PROCESSOR}}_elf_gas.S")
    endforeach()
    if(EXISTS "${context}/fcontext.cpp")  # since 1.86
        list(APPEND sources "${context}/fcontext.cpp")
    endif()
endif()

add_library(boost_fiber STATIC ${sources})
target_include_directories(boost_fiber SYSTEM PUBLIC "${overlay}/include" "${boost}/include")
target_compile_features(boost_fiber PUBLIC cxx_std_20)
target_compile_definitions(boost_fiber
    PUBLIC BOOST_FIBERS_STATIC_LINK BOOST_CONTEXT_STATIC_LINK BOOST_ALL_NO_LIB
    PRIVATE BOOST_FIBERS_SOURCE BOOST_CONTEXT_SOURCE)
if(WEIR_SANITIZE STREQUAL "address")
    target_compile_definitions(boost_fiber PUBLIC BOOST_USE_UCONTEXT BOOST_USE_ASAN)
elseif(WEIR_SANITIZE STREQUAL "thread")
    target_compile_definitions(boost_fiber PUBLIC BOOST_USE_UCONTEXT BOOST_USE_TSAN)
endif()
target_compile_options(boost_fiber PRIVATE -w)
target_link_libraries(boost_fiber PUBLIC Threads::Threads)
