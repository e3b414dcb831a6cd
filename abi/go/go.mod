// SPDX-License-Identifier: BSL-1.0

module weir.example/weir

go 1.19
