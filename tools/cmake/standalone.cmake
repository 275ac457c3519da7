# SPDX-License-Identifier: GPL-2.0-only

# The standalone build: what ns-3's own build system does for a module, done here
# against an installed ns-3, under the same names (build_lib, build_lib_example).

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/ns3-targets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/package.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/unity.cmake)

option(MTLINK_TESTS "Build the tests" ON)
option(MTLINK_DEBIAN "Install what Debian wants in each package: make deb" OFF)
option(MTLINK_EXAMPLES "Build the examples" ON)
option(MTLINK_FUZZ "Build the readers of input for libFuzzer; needs Clang and its sanitizers" OFF)
option(MTLINK_PRECOMPILE "Build from nothing in less time: headers precompiled, sources of a room compiled as one" OFF)
option(MTLINK_TEST_BATCHES "One test for each suite instead of each case: where processes are slow to start" OFF)
option(MTLINK_WERROR "Treat warnings as errors" OFF)
set(MTLINK_HOT_OPTIONS "" CACHE STRING "Compiler options for the sources in which tests spend their time")

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(MTLINK_CCACHE ccache)
  if(MTLINK_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${MTLINK_CCACHE})
  endif()
endif()

add_compile_options(-Wall -Wextra)
if(MTLINK_WERROR)
  add_compile_options(-Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  add_compile_options(-Wno-restrict) # false alarms on "text" + std::string
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  if(CMAKE_CXX_FLAGS MATCHES "-fsanitize")
    add_compile_options(-Wno-maybe-uninitialized) # false alarms, says GCC's manual
  endif()
  add_compile_options(-fno-semantic-interposition) # inline in a shared library too
endif()
# Only for debugging: ns-3's assertions and logs cost time on the hot path.
add_compile_definitions(
  $<$<CONFIG:Debug>:NS3_ASSERT_ENABLE> $<$<CONFIG:Debug>:NS3_LOG_ENABLE>
)

# No minimum version: Debian's ns-3 says it is compatible with itself only.
find_package(ns3 REQUIRED)
# The modules in use; what examples link beside them may be missing.
set(mtlink_example_modules applications flow-monitor internet netanim point-to-point)
mtlink_find_ns3_targets(core network ${mtlink_example_modules})
set(mtlink_ns3_version ${ns3_VERSION})
set(libcore ${mtlink_ns3_core})
set(libnetwork ${mtlink_ns3_network})
foreach(module IN LISTS mtlink_example_modules)
  set(lib${module} ns3::${module})
endforeach()
set(libmtlink mtlink)

if(MTLINK_TESTS)
  find_package(doctest REQUIRED)
  include(doctest)
endif()

# Sources that are optimised as one: calls between them cost nothing.
function(mtlink_optimize_together)
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    set_property(
      SOURCE ${ARGN} APPEND PROPERTY COMPILE_OPTIONS $<$<CONFIG:Release>:-flto=auto>
    )
    add_link_options($<$<CONFIG:Release>:-flto=auto>)
  endif()
endfunction()

# Sources in which the tests spend their time are compiled with MTLINK_HOT_OPTIONS beside all others'. Under the
# sanitizers optimising takes three quarters of the time to compile: it pays for these alone. They share the
# precompiled headers of those that are not optimised, which Clang takes if it need not validate them.
function(mtlink_optimize_for_tests)
  set_property(SOURCE ${ARGN} APPEND PROPERTY COMPILE_OPTIONS ${MTLINK_HOT_OPTIONS})
  set_property(GLOBAL PROPERTY mtlink_hot_sources ${ARGN})
endfunction()

# A function of a header that is called, not inlined, is in the library once: as in the first of its objects that has
# it. CMake would put first what is compiled as one, so that calls from what is optimised would end in what is not:
# the suite took 1.7 times as long. Sources with MTLINK_HOT_OPTIONS become objects that are linked before all others.
function(mtlink_link_hot_first target)
  if(NOT MTLINK_HOT_OPTIONS)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  get_property(hot GLOBAL PROPERTY mtlink_hot_sources)
  list(FILTER hot INCLUDE REGEX "^model/")
  list(REMOVE_ITEM sources ${hot})
  set_property(TARGET ${target} PROPERTY SOURCES ${sources})
  add_library(${target}-hot OBJECT ${hot})
  set_target_properties(${target}-hot PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_compile_features(${target}-hot PRIVATE cxx_std_20)
  target_include_directories(
    ${target}-hot BEFORE PRIVATE $<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>
  )
  target_link_libraries(${target}-hot PRIVATE ${ARGN})
  mtlink_precompile(${target}-hot)
  add_dependencies(${target} ${target}-hot)
  set_property(TARGET ${target} APPEND PROPERTY LINK_DEPENDS $<TARGET_OBJECTS:${target}-hot>)
  target_link_options(${target} BEFORE PRIVATE $<TARGET_OBJECTS:${target}-hot>)
endfunction()

# A quarter of the time of most sources goes to these headers. Off by default, as ccache wants settings of its own
# for it: .ci/run has them. That a source lacks an include is found by tools/check-house then.
function(mtlink_precompile target)
  if(MTLINK_PRECOMPILE)
    if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
      target_compile_options(${target} PRIVATE -fpch-preprocess) # for ccache
    endif()
    target_precompile_headers(
      ${target}
      PRIVATE
        <algorithm>
        <array>
        <charconv>
        <cmath>
        <cstdint>
        <deque>
        <filesystem>
        <fmt/format.h>
        <fstream>
        <functional>
        <limits>
        <map>
        <memory>
        <numeric>
        <optional>
        <set>
        <span>
        <sstream>
        <string>
        <tuple>
        <unordered_map>
        <utility>
        <vector>
        <ns3/log.h>
        <ns3/object.h>
        <ns3/simulator.h>
        <ns3/string.h>
        <ns3/uinteger.h>
        ${ARGN}
    )
  endif()
endfunction()

# Headers lie in one flat folder, so that "ns3/mtlink-x.h" means the same in a
# checkout, in an ns-3 tree and when installed.
function(mtlink_add_headers target)
  set(directory ${PROJECT_BINARY_DIR}/include)
  set(module "// All headers of mtlink.\n#pragma once\n")
  foreach(header IN LISTS ARGN)
    get_filename_component(name ${header} NAME)
    file(CONFIGURE OUTPUT ${directory}/ns3/${name}
         CONTENT "#include \"${CMAKE_CURRENT_SOURCE_DIR}/${header}\"\n"
    )
    string(APPEND module "#include \"ns3/${name}\"\n")
  endforeach()
  file(CONFIGURE OUTPUT ${directory}/ns3/${target}-module.h CONTENT "${module}")
  target_include_directories(
    ${target} BEFORE PUBLIC $<BUILD_INTERFACE:${directory}>
                            $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
  )
  install(FILES ${ARGN} ${directory}/ns3/${target}-module.h
          DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/ns3
          COMPONENT development
  )
endfunction()

function(mtlink_install_package target)
  set(destination ${CMAKE_INSTALL_LIBDIR}/cmake/${target})
  install(
    TARGETS ${target}
    EXPORT ${target}Targets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
            COMPONENT library
            NAMELINK_COMPONENT development
  )
  # The name that ns-3 itself gives to a module: users write ns3::mtlink in both.
  install(
    EXPORT ${target}Targets
    NAMESPACE ns3::
    DESTINATION ${destination}
    COMPONENT development
  )
  configure_package_config_file(
    tools/cmake/${target}Config.cmake.in ${PROJECT_BINARY_DIR}/${target}Config.cmake
    INSTALL_DESTINATION ${destination}
  )
  write_basic_package_version_file(
    ${PROJECT_BINARY_DIR}/${target}ConfigVersion.cmake COMPATIBILITY SameMinorVersion
  )
  install(
    FILES ${PROJECT_BINARY_DIR}/${target}Config.cmake
          ${PROJECT_BINARY_DIR}/${target}ConfigVersion.cmake
          tools/cmake/ns3-targets.cmake
    DESTINATION ${destination}
    COMPONENT development
  )
  # Examples name the schema where it is in a checkout.
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/share)
  file(CREATE_LINK ../mtlink.schema.json ${PROJECT_BINARY_DIR}/share/mtlink.schema.json SYMBOLIC)
  install(FILES tools/mtlink.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/${target}
          COMPONENT command
  )
  install(FILES ${PROJECT_BINARY_DIR}/share/mtlink.schema.json
          DESTINATION ${CMAKE_INSTALL_DATADIR}/${target}/tools
          COMPONENT command
  )
  foreach(data topologies examples)
    install(
      DIRECTORY ${data}
      DESTINATION ${CMAKE_INSTALL_DATADIR}/${target}
      COMPONENT command
      PATTERN "CMakeLists.txt" EXCLUDE
      PATTERN "results" EXCLUDE
      # What makes the studies wants a checkout.
      PATTERN "*.py" EXCLUDE
      PATTERN "run" EXCLUDE
      PATTERN "run-study" EXCLUDE
    )
  endforeach()
endfunction()

# A program of doctest cases, each a test of ctest.
function(mtlink_add_doctests program)
  add_executable(${program} ${ARGN})
  # An exception in a check ends its case, which fails; each check is one call, not a try block of its own.
  target_compile_definitions(${program} PRIVATE MTLINK_TEST_MAIN DOCTEST_CONFIG_SUPER_FAST_ASSERTS)
  target_link_libraries(${program} PRIVATE mtlink doctest::doctest)
  mtlink_precompile(${program} <doctest/doctest.h>)
  mtlink_compile_by_room(${program})
  # The library is tested as it is shipped; optimising the tests themselves took half of their time to compile.
  target_compile_options(${program} PRIVATE $<$<CONFIG:Release>:-Og>)
  set_source_files_properties(
    tests/test-suite.cc PROPERTIES SKIP_PRECOMPILE_HEADERS ON # it says how doctest.h is read
  )
  set(scratch ${PROJECT_BINARY_DIR}/tests)
  file(MAKE_DIRECTORY ${scratch})
  if(MTLINK_TEST_BATCHES)
    set(batches ${PROJECT_BINARY_DIR}/${program}-batches.cmake)
    set(long "") # of another program
    if(program STREQUAL mtlink-test)
      set(long ${PROJECT_SOURCE_DIR}/tests/long-cases.cmake)
    endif()
    file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/include-${program}-batches.cmake @ONLY
         CONTENT "include(@batches@ OPTIONAL RESULT_VARIABLE found)\nif(NOT found)\n  add_test(@program@_NOT_BUILT @program@_NOT_BUILT)\nendif()\n"
    )
    set_property(
      DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${PROJECT_BINARY_DIR}/include-${program}-batches.cmake
    )
    add_custom_command(
      TARGET ${program}
      POST_BUILD
      BYPRODUCTS ${batches}
      COMMAND
        ${CMAKE_COMMAND} -D program=$<TARGET_FILE:${program}> -D scratch=${scratch}
        -D "long=${long}" -D output=${batches}
        -P ${PROJECT_SOURCE_DIR}/tools/cmake/list-batches.cmake
      VERBATIM
    )
  else()
    # One ctest test per doctest case, so that they run side by side. A name that
    # selects no case would pass unseen: refuse it.
    doctest_discover_tests(
      ${program}
      WORKING_DIRECTORY ${scratch}
      PROPERTIES TIMEOUT 600 FAIL_REGULAR_EXPRESSION "test cases: +0 "
    )
  endif()
endfunction()

function(mtlink_add_stack_tests)
  if(NOT MTLINK_TESTS)
    return()
  endif()
  foreach(module applications flow-monitor internet)
    if(module IN_LIST mtlink_ns3_missing)
      message(STATUS "IP over the fabric is not tested: ns-3 has no module ${module}")
      return()
    endif()
  endforeach()
  mtlink_add_doctests(mtlink-stack-test tests/test-suite.cc ${ARGN})
  target_link_libraries(mtlink-stack-test PRIVATE ${libapplications} ${libflow-monitor} ${libinternet})
  find_package(Python3 COMPONENTS Interpreter)
  if(TARGET mtlink-netanim AND Python3_FOUND)
    add_test(
      NAME "an animation has endpoints and switches where the topology has them"
      COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/stack/animation.py
              $<TARGET_FILE:mtlink-netanim> ${PROJECT_SOURCE_DIR}
      WORKING_DIRECTORY ${PROJECT_BINARY_DIR}/tests
    )
  endif()
endfunction()

function(mtlink_add_tests target)
  mtlink_add_doctests(${target}-test ${ARGN})
  target_link_libraries(${target}-test PRIVATE ${third_party} nlohmann_json::nlohmann_json)
  set_property(
    DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${PROJECT_SOURCE_DIR}/tests/long-cases.cmake
  )
  add_test(
    NAME "a program builds and runs against the installed module"
    COMMAND
      ${CMAKE_COMMAND} -D build=${PROJECT_BINARY_DIR} -D flags=${CMAKE_CXX_FLAGS}
      -D compiler=${CMAKE_CXX_COMPILER} -D generator=${CMAKE_GENERATOR}
      -D bindir=${CMAKE_INSTALL_BINDIR} -D version=${PROJECT_VERSION}
      -D command=$<TARGET_EXISTS:mtlink-command>
      -P ${PROJECT_SOURCE_DIR}/tests/install/run.cmake
  )
  if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize") # nothing of it runs
    find_path(MTLINK_NS3_INCLUDE ns3/core-module.h REQUIRED)
    add_test(
      NAME "public headers are C++17, and stand beside every module header of ns-3"
      COMMAND
        ${CMAKE_COMMAND} -D build=${PROJECT_BINARY_DIR} -D flags=${CMAKE_CXX_FLAGS}
        -D compiler=${CMAKE_CXX_COMPILER} -D ns3_include=${MTLINK_NS3_INCLUDE}
        -P ${PROJECT_SOURCE_DIR}/tests/install/headers.cmake
    )
  endif()
endfunction()

function(build_lib)
  cmake_parse_arguments(
    LIB "" "LIBNAME" "SOURCE_FILES;HEADER_FILES;LIBRARIES_TO_LINK;TEST_SOURCES"
    ${ARGN}
  )
  add_library(${LIB_LIBNAME} SHARED ${LIB_SOURCE_FILES})
  set_target_properties(
    ${LIB_LIBNAME} PROPERTIES VERSION ${PROJECT_VERSION}
                              SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
  )
  # Its public headers are C++17, as the scripts of most of ns-3 are.
  target_compile_features(${LIB_LIBNAME} PRIVATE cxx_std_20 INTERFACE cxx_std_17)
  # What it has of inline functions and templates it calls itself, not what a program has of them: that may be
  # optimised less, as the tests are.
  target_link_options(${LIB_LIBNAME} PRIVATE -Wl,-Bsymbolic-functions)
  mtlink_precompile(${LIB_LIBNAME})
  mtlink_compile_by_room(${LIB_LIBNAME})
  if(NOT TARGET ns3::${LIB_LIBNAME}) # an installed ns-3 may hold an older mtlink
    add_library(ns3::${LIB_LIBNAME} ALIAS ${LIB_LIBNAME})
  endif()
  foreach(library IN LISTS LIB_LIBRARIES_TO_LINK) # as ns-3 does
    if(library MATCHES "^ns3::")
      target_link_libraries(${LIB_LIBNAME} PUBLIC ${library})
    else()
      target_link_libraries(${LIB_LIBNAME} PRIVATE ${library})
    endif()
  endforeach()
  mtlink_add_headers(${LIB_LIBNAME} ${LIB_HEADER_FILES})
  mtlink_link_hot_first(${LIB_LIBNAME} ${LIB_LIBRARIES_TO_LINK})
  mtlink_install_package(${LIB_LIBNAME})
  if(MTLINK_EXAMPLES)
    add_subdirectory(examples)
  endif()
  if(MTLINK_TESTS)
    mtlink_add_tests(${LIB_LIBNAME} ${LIB_TEST_SOURCES})
  endif()
endfunction()

# What links a module that this ns-3 lacks is left out, as in a tree.
function(build_lib_example)
  cmake_parse_arguments(EXAMPLE "" "NAME" "SOURCE_FILES;LIBRARIES_TO_LINK" ${ARGN})
  foreach(library IN LISTS EXAMPLE_LIBRARIES_TO_LINK)
    if(library MATCHES "^ns3::" AND NOT TARGET ${library})
      message(STATUS "${EXAMPLE_NAME} is not built: ns-3 has no ${library}")
      return()
    endif()
  endforeach()
  add_executable(${EXAMPLE_NAME} ${EXAMPLE_SOURCE_FILES})
  target_link_libraries(${EXAMPLE_NAME} PRIVATE ${EXAMPLE_LIBRARIES_TO_LINK})
endfunction()

# What the command loads where an MPI launcher has started it. Debian packages are built without: they are the
# same whatever else is installed where they are made.
function(mtlink_build_mpi)
  find_package(MPI QUIET COMPONENTS CXX)
  if(NOT MPI_CXX_FOUND OR MTLINK_DEBIAN)
    message(STATUS "mtlink runs in several processes without MPI alone: no MPI for C++ was found, or wanted")
    return()
  endif()
  add_library(mtlink-mpi MODULE tools/mpi/mpi-exchange.cc)
  target_compile_features(mtlink-mpi PRIVATE cxx_std_20)
  target_compile_definitions(mtlink-mpi PRIVATE OMPI_SKIP_MPICXX MPICH_SKIP_MPICXX)
  target_include_directories(mtlink-mpi PRIVATE model tools/mpi)
  target_link_libraries(mtlink-mpi PRIVATE mtlink MPI::MPI_CXX)
  add_dependencies(mtlink-command mtlink-mpi)
  install(TARGETS mtlink-mpi LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT command)
endfunction()

# The target cannot be called mtlink as the library is; the file is.
function(mtlink_build_command)
  if(NOT ARGN)
    return()
  endif()
  add_executable(mtlink-command ${ARGN})
  # The installed command finds the installed library wherever both are put.
  file(RELATIVE_PATH path /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_LIBDIR})
  set_target_properties(
    mtlink-command PROPERTIES OUTPUT_NAME mtlink INSTALL_RPATH $ORIGIN/${path}
  )
  target_link_libraries(
    mtlink-command PRIVATE mtlink ${third_party} nlohmann_json::nlohmann_json
  )
  if(MTLINK_PRECOMPILE)
    # Most of the time of each source goes to CLI11, which has no compiled part. CMake leaves out of a unity
    # what has options of its own.
    set_property(SOURCE ${ARGN} PROPERTY COMPILE_OPTIONS)
    target_include_directories(mtlink-command PRIVATE model)
    set_target_properties(mtlink-command PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 9)
  endif()
  install(TARGETS mtlink-command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
                                         COMPONENT command
  )
  mtlink_build_mpi()
  mtlink_install_habits()
  mtlink_install_documents()
  mtlink_install_python()
  if(MTLINK_TESTS)
    # The tests below run the command as a user does.
    add_dependencies(mtlink-test mtlink-command)
    add_test(
      NAME "the command exits, speaks and writes as its users are told"
      COMMAND ${PROJECT_SOURCE_DIR}/tests/tools/command.sh $<TARGET_FILE:mtlink-command>
              ${PROJECT_SOURCE_DIR}
      WORKING_DIRECTORY ${PROJECT_BINARY_DIR}/tests
    )
    add_test(
      NAME "a sweep is killed, interrupted and resumed without a lost or doubled row"
      COMMAND ${PROJECT_SOURCE_DIR}/tests/tools/sweep.sh $<TARGET_FILE:mtlink-command>
              ${PROJECT_SOURCE_DIR}
      WORKING_DIRECTORY ${PROJECT_BINARY_DIR}/tests
    )
    add_test(
      NAME "the parts of a sweep, run by many at once and killed, come to the same tables"
      COMMAND ${PROJECT_SOURCE_DIR}/tests/tools/shards.sh $<TARGET_FILE:mtlink-command>
      WORKING_DIRECTORY ${PROJECT_BINARY_DIR}/tests
    )
    add_test(
      NAME "a results directory is one run's and whole, whoever else runs or is killed"
      COMMAND ${PROJECT_SOURCE_DIR}/tests/tools/directory.sh $<TARGET_FILE:mtlink-command>
      WORKING_DIRECTORY ${PROJECT_BINARY_DIR}/tests
    )
    add_test(
      NAME "a run in several processes writes what one writes, and outlives none of them unnoticed"
      COMMAND ${PROJECT_SOURCE_DIR}/tests/tools/processes.sh $<TARGET_FILE:mtlink-command>
              ${PROJECT_SOURCE_DIR}
      WORKING_DIRECTORY ${PROJECT_BINARY_DIR}/tests
    )
    add_test(
      NAME "verdicts are printed first, whole, and so that what is proposed can be typed"
      COMMAND ${PROJECT_SOURCE_DIR}/tests/tools/verdict.sh $<TARGET_FILE:mtlink-command>
      WORKING_DIRECTORY ${PROJECT_BINARY_DIR}/tests
    )
    find_package(Python3 COMPONENTS Interpreter)
    if(Python3_FOUND)
      add_test(
        NAME "the JSON Schema takes what ships and flags mistakes"
        COMMAND
          ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/schema/run.py
          $<TARGET_FILE:mtlink-command> ${PROJECT_SOURCE_DIR}
        WORKING_DIRECTORY ${PROJECT_BINARY_DIR}/tests
      )
      set_tests_properties(
        "the JSON Schema takes what ships and flags mistakes" PROPERTIES SKIP_RETURN_CODE 77
      )
      add_test(
        NAME "the Python package runs the command and reads its results"
        COMMAND
          ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/python/run.py
          $<TARGET_FILE:mtlink-command> ${PROJECT_SOURCE_DIR}
        WORKING_DIRECTORY ${PROJECT_BINARY_DIR}/tests
      )
      add_test(
        NAME "reports open and work in a browser"
        COMMAND
          ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/report/page-test.py
          $<TARGET_FILE:mtlink-command> ${PROJECT_SOURCE_DIR}
        WORKING_DIRECTORY ${PROJECT_BINARY_DIR}/tests
      )
      set_tests_properties(
        "reports open and work in a browser" PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600 COST 10
      )
    endif()
    if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize") # they run no code that is built here
      add_test(
        NAME "plot.py draws what it is given and says what it can't draw"
        COMMAND ${PROJECT_SOURCE_DIR}/tests/tools/plot.sh ${PROJECT_SOURCE_DIR}
        WORKING_DIRECTORY ${PROJECT_BINARY_DIR}/tests
      )
      add_test(
        NAME "the texts of the studies agree with their data"
        COMMAND ${PROJECT_SOURCE_DIR}/tests/tools/studies.sh ${PROJECT_SOURCE_DIR}
        WORKING_DIRECTORY ${PROJECT_BINARY_DIR}/tests
      )
      set_tests_properties("plot.py draws what it is given and says what it can't draw"
                           "the texts of the studies agree with their data"
                           PROPERTIES SKIP_RETURN_CODE 77 COST 5)
    endif()
    # Before most others, see tests/long-cases.cmake.
    set_tests_properties(
      "the command exits, speaks and writes as its users are told"
      "a sweep is killed, interrupted and resumed without a lost or doubled row"
      "the parts of a sweep, run by many at once and killed, come to the same tables"
      "a results directory is one run's and whole, whoever else runs or is killed"
      PROPERTIES COST 10
    )
  endif()
endfunction()

# Sources that tell libFuzzer which of their ways an input took: those that read. In all of them the
# simulation itself would be slower for its tests.
function(mtlink_trace_readers)
  list(FILTER ARGN INCLUDE REGEX
       "^model/(experiment|sweep|trace)/|^model/measure/(csv|json-file|result-reader|text-file)[.]|^model/topology/(count-list|graphml|mtlink-)"
  )
  # What -fsanitize=fuzzer-no-link asks for: that itself would need precompiled headers of its own.
  set_property(
    SOURCE ${ARGN}
    APPEND
    PROPERTY COMPILE_OPTIONS
             -fsanitize-coverage=inline-8bit-counters,pc-table,trace-cmp,indirect-calls
  )
endfunction()

# tests/fuzz/x-fuzz.cc becomes fuzz-x; all of them, and what tests/fuzz/run calls, are the target fuzz.
function(mtlink_build_fuzzers)
  add_custom_target(fuzz DEPENDS mtlink-command)
  foreach(file IN LISTS ARGN)
    get_filename_component(name ${file} NAME_WE)
    string(REGEX REPLACE "(.*)-fuzz" "fuzz-\\1" target ${name})
    add_executable(${target} ${file})
    target_link_libraries(${target} PRIVATE mtlink ${third_party})
    target_link_options(${target} PRIVATE -fsanitize=fuzzer)
    add_dependencies(fuzz ${target})
  endforeach()
endfunction()
