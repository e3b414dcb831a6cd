# SPDX-License-Identifier: BSL-1.0
"""What `compare` is made of: figures.py reads and compares, anchors.py builds the programs of
others, questions.py says what is asked of whom, and report.py prints."""
