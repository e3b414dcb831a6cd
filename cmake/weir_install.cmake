# SPDX-License-Identifier: BSL-1.0
# The library, the headers for C and C++, the command, weir.pc and a CMake package; all relocatable.
include(CMakePackageConfigHelpers)

install(TARGETS weir weir_abi EXPORT weir
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT library NAMELINK_COMPONENT development)
install(DIRECTORY "${CMAKE_SOURCE_DIR}/abi/include/weir" "${CMAKE_SOURCE_DIR}/abi/cpp/include/weir"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development)
if(TARGET weir_runner)
    install(TARGETS weir_runner RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT command)
endif()
install(FILES "${CMAKE_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT library)

set(package "${CMAKE_INSTALL_LIBDIR}/cmake/weir")
install(EXPORT weir NAMESPACE weir:: FILE weirTargets.cmake
    DESTINATION "${package}" COMPONENT development)
configure_package_config_file(
    "${CMAKE_CURRENT_LIST_DIR}/weirConfig.cmake.in" "${CMAKE_BINARY_DIR}/weirConfig.cmake"
    INSTALL_DESTINATION "${package}")
write_basic_package_version_file("${CMAKE_BINARY_DIR}/weirConfigVersion.cmake"
    COMPATIBILITY SameMajorVersion)
install(FILES "${CMAKE_BINARY_DIR}/weirConfig.cmake" "${CMAKE_BINARY_DIR}/weirConfigVersion.cmake"
    DESTINATION "${package}" COMPONENT development)

# Where the prefix is, seen from the folder that weir.pc lies in.
set(from "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH prefix "${from}" "/prefix")
configure_file("${CMAKE_CURRENT_LIST_DIR}/weir.pc.in" "${CMAKE_BINARY_DIR}/weir.pc" @ONLY)
install(FILES "${CMAKE_BINARY_DIR}/weir.pc"
    DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT development)
