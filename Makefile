# Copyright: (c) 2026, lync.persistent_chat contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Works from a fresh clone with Python 3.10 or newer (on Debian: apt install make python3 python3-venv). Each target makes what it needs.
SHELL := /bin/bash
.DEFAULT_GOAL := help

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

demo:  ## eight recorded servers behind real WinRM on this machine: audit, gate, internal servers in thirteen cases
	@examples/demo

test:  ## unit tests and end-to-end tests (ARGS="-k name" for some of them)
	@.ci/test $(ARGS)

bench:  ## what check, judge, report and gate cost, each beside a measure (ONLY=gate ARGS="--hosts 1000" for one)
	@. .ci/setup && echo "== benchmarks, about four minutes" && for name in $(or $(ONLY),check judge report gate); do \
		echo "== $$name" && python tests/benchmarks/bench_$$name.py $(ARGS) || exit 1; done

lint:  ## ruff, mypy, yamllint, ansible-lint, antsibull
	@.ci/run lint

check:  ## all that CI checks
	@.ci/run

docs:  ## docs/findings.md anew, and the pages of the modules in .cache/docs
	@. .ci/setup && PYTHONPATH=.cache/collections python tests/tools/findings_page.py && mkdir -p .cache/docs && antsibull-docs collection --use-current --output-format simplified-rst --squash-hierarchy \
		--dest-dir .cache/docs lync.persistent_chat && echo "== pages are in .cache/docs"

examples:  ## makes the CAs and the recorded hosts in examples/ anew (other keys, so other files)
	@. .ci/setup && python examples/make_examples.py

lock:  ## resolves requirements/*.in into requirements/*.txt
	@. .ci/setup && cd requirements && for name in demo test dev; do \
		uv pip compile -q --universal --python-version $$([ $$name = dev ] && echo 3.12 || echo 3.10) --generate-hashes --no-emit-index-url \
			--custom-compile-command "make lock" $$name.in -o $$name.txt > /dev/null && echo "== requirements/$$name.txt" || exit 1; done

.PHONY: help demo test bench lint check docs examples lock
