# SPDX-License-Identifier: BSL-1.0
# libyaml as a static archive (Debian's is position independent): target `weir_yaml`.
find_path(WEIR_YAML_INCLUDE yaml.h REQUIRED)
find_library(WEIR_YAML_ARCHIVE NAMES libyaml.a REQUIRED)
mark_as_advanced(WEIR_YAML_INCLUDE WEIR_YAML_ARCHIVE)
add_library(weir_yaml INTERFACE)
target_include_directories(weir_yaml SYSTEM INTERFACE "${WEIR_YAML_INCLUDE}")
target_link_libraries(weir_yaml INTERFACE "${WEIR_YAML_ARCHIVE}")
target_compile_definitions(weir_yaml INTERFACE YAML_DECLARE_STATIC)
