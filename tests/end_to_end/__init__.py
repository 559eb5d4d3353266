# Copyright (c) 2026, mongodb_atlas.backup contributors
# SPDX-License-Identifier: GPL-3.0-or-later
