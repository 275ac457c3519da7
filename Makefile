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

.PHONY: help demo test install deb site sanitize fuzz coverage tidy format format-check clean

help:
	@echo "make demo          the main experiment, its table and its report"
	@echo "make test          build and run all tests"
	@echo "make install       build and install, below PREFIX=/usr/local"
	@echo "make deb           Debian packages, in build/deb"
	@echo "make site          the documentation as a site, in build/site"
	@echo "make sanitize      the tests under the address and undefined-behaviour sanitizers"
	@echo "make fuzz          the readers of input under libFuzzer, FUZZ_SECONDS=60 each"
	@echo "make coverage      which lines the tests come by, by room"
	@echo "make tidy          clang-tidy over the sources, or over TIDY='model/link/links.cc ...'"
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

PREFIX = /usr/local

install:
	@tools/setup build
	@tools/build release mtlink-habits $(OPTIONS)
	@cmake --install build/release --prefix $(PREFIX)

deb:
	@echo "mtlink: [1/3] looking for Debian packages that are missing"
	@tools/setup build deb
	@echo "mtlink: [2/3] building in build/deb"
	@tools/build deb all $(OPTIONS)
	@echo "mtlink: [3/3] packing"
	@cd build/deb && cpack >cpack.log || { cat cpack.log; exit 1; }
	@ls build/deb/*.deb

site:
	@tools/setup site
	@tools/make-site build/site

sanitize:
	@echo "mtlink: [1/3] looking for Debian packages that are missing"
	@tools/setup build sanitize
	@echo "mtlink: [2/3] building in build/sanitize"
	@tools/build sanitize all $(OPTIONS)
	@echo "mtlink: [3/3] running the tests under the sanitizers"
	@$(CTEST) sanitize

# So long for each reader of input.
FUZZ_SECONDS = 60

fuzz:
	@echo "mtlink: [1/3] looking for Debian packages that are missing"
	@tools/setup build sanitize
	@echo "mtlink: [2/3] building in build/sanitize"
	@tools/build sanitize fuzz $(OPTIONS)
	@echo "mtlink: [3/3] fuzzing each reader of input for $(FUZZ_SECONDS) s"
	@tests/fuzz/run build/sanitize $(FUZZ_SECONDS)

coverage:
	@echo "mtlink: [1/4] looking for Debian packages that are missing"
	@tools/setup build
	@echo "mtlink: [2/4] building in build/coverage"
	@tools/build coverage all $(OPTIONS)
	@echo "mtlink: [3/4] running the tests"
	@find build/coverage -name '*.gcda' -delete
	@$(CTEST) coverage
	@echo "mtlink: [4/4] counting the lines"
	@tools/coverage build/coverage

# Files that clang-tidy looks at.
TIDY = $(shell git ls-files 'model/*.cc' 'tools/*.cc')

tidy:
	@echo "mtlink: [1/3] looking for Debian packages that are missing"
	@tools/setup build sanitize tidy
	@echo "mtlink: [2/3] generating what is compiled in build/tidy"
	@tools/build tidy proto/chakra.pb.h $(OPTIONS)
	@echo "mtlink: [3/3] looking at $(words $(TIDY)) files"
	@printf '%s\n' $(TIDY) | xargs -P $(JOBS) -n 4 clang-tidy-16 --quiet -p build/tidy

format:
	@tools/setup format
	@$(CLANG_FORMAT) -i $(SOURCES)

format-check:
	@tools/setup format
	@$(CLANG_FORMAT) --dry-run --Werror $(SOURCES)
	@echo "mtlink: the format is right"

clean:
	rm -rf build
