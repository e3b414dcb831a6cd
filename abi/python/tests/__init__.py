# SPDX-License-Identifier: BSL-1.0
"""A test that hangs fails, and says where."""

import faulthandler

faulthandler.dump_traceback_later(300, exit=True)
