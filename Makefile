# SPDX-License-Identifier: GPL-2.0-only

# The short way: each target installs what is missing, configures, builds and runs.
# The long way is CMake's: cmake --preset release && cmake --build --preset release.

# Passed to CMake, such as -D MTLINK_WERROR=ON.
OPTIONS =
JOBS := $(shell nproc)
# Written code: not what is generated, not build/.
SOURCES = $(shell git ls-files --cached --others --exclude-standard '*.cc' '*.h')
CLANG_FORMAT = clang-format-14
CTEST = ctest --no-tests=error --output-on-failure -j $(JOBS) --preset

.PHONY: help demo test sanitize fuzz format format-check clean

help:
	@echo "make demo          the main experiment, its table and its report"
	@echo "make test          build and run all tests"
	@echo "make sanitize      the tests under the address and undefined-behaviour sanitizers"
	@echo "make fuzz          the readers of input under libFuzzer, FUZZ_SECONDS=60 each"
	@echo "make format        reformat the sources; make format-check only tells"
	@echo "make clean         remove build/"

demo:
	@echo "mtlink: [1/3] looking for Debian packages that are missing"
	@tools/setup build
	@echo "mtlink: [2/3] building in build/release"
	@tools/build release mtlink-command $(OPTIONS)
	@echo "mtlink: [3/3] running the demonstration"
	@test -x tools/demo || { echo "mtlink: tools/demo is missing or not executable" >&2; exit 1; }
	@tools/demo

test:
	@echo "mtlink: [1/3] looking for Debian packages that are missing"
	@tools/setup build
	@echo "mtlink: [2/3] building in build/release"
	@tools/build release all $(OPTIONS)
	@echo "mtlink: [3/3] running the tests"
	@$(CTEST) release

sanitize:
	@echo "mtlink: [1/3] looking for Debian packages that are missing"
	@tools/setup build
	@echo "mtlink: [2/3] building in build/sanitize"
	@tools/build sanitize all $(OPTIONS)
	@echo "mtlink: [3/3] running the tests under the sanitizers"
	@$(CTEST) sanitize

# So long for each reader of input.
FUZZ_SECONDS = 60

fuzz:
	@echo "mtlink: [1/3] looking for Debian packages that are missing"
	@tools/setup build fuzz
	@echo "mtlink: [2/3] building in build/fuzz"
	@tools/build fuzz all $(OPTIONS)
	@echo "mtlink: [3/3] fuzzing each reader of input for $(FUZZ_SECONDS) s"
	@tests/fuzz/run build/fuzz $(FUZZ_SECONDS)

format:
	@tools/setup format
	@$(CLANG_FORMAT) -i $(SOURCES)

format-check:
	@tools/setup format
	@$(CLANG_FORMAT) --dry-run --Werror $(SOURCES)
	@echo "mtlink: the format is right"

clean:
	rm -rf build
