# SPDX-License-Identifier: BSL-1.0
# spdlog with its formatter inside, no logger of its own and no thread-locals: target `weir_spdlog`.
find_path(WEIR_SPDLOG_INCLUDE spdlog/spdlog.h REQUIRED)
find_path(WEIR_FMT_INCLUDE fmt/format.h REQUIRED)
mark_as_advanced(WEIR_SPDLOG_INCLUDE WEIR_FMT_INCLUDE)
add_library(weir_spdlog INTERFACE)
target_include_directories(weir_spdlog SYSTEM INTERFACE
    "${WEIR_SPDLOG_INCLUDE}" "${WEIR_FMT_INCLUDE}")
target_compile_definitions(weir_spdlog INTERFACE
    SPDLOG_FMT_EXTERNAL FMT_HEADER_ONLY SPDLOG_DISABLE_DEFAULT_LOGGER SPDLOG_NO_TLS)
