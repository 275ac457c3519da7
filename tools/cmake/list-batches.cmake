# SPDX-License-Identifier: GPL-2.0-only

# cmake -D program=MTLINK-TEST -D scratch=FOLDER -D long=LONG-CASES.CMAKE -D output=FILE -P list-batches.cmake
# Writes CTest's tests: one for each long case, one for all others of each suite, and one for those of no suite.

cmake_minimum_required(VERSION 3.25)

# add NAME FILTER...: a test of the cases that pass the filters; each is told as it ends
set(tests "")
function(add name)
  list(JOIN ARGN "]==] [==[" filters)
  string(
    APPEND
    tests
    "add_test([==[${name}]==] [==[${program}]==] [==[${filters}]==] --duration=true)\n"
    "set_tests_properties([==[${name}]==] PROPERTIES WORKING_DIRECTORY [==[${scratch}]==] TIMEOUT 900)\n"
  )
  set(tests "${tests}" PARENT_SCOPE)
endfunction()

set(long_cases "")
set(lines "")
if(long)
  file(STRINGS ${long} lines REGEX "^  \"[0-9]+:.*\"$")
endif()
foreach(line IN LISTS lines)
  string(REGEX REPLACE "^  \"[0-9]+:(.*)\"$" "\\1" name "${line}")
  string(REPLACE "," "\\," filter "${name}") # a comma parts two filters
  add("${name}" "--test-case=${filter}")
  # A name that selects no case would pass unseen: refuse it.
  string(
    APPEND tests
    "set_tests_properties([==[${name}]==] PROPERTIES FAIL_REGULAR_EXPRESSION [==[test cases: +0 ]==])\n"
  )
  list(APPEND long_cases "${filter}")
endforeach()
list(JOIN long_cases "," long_cases)

execute_process(
  COMMAND ${program} --list-test-suites
  WORKING_DIRECTORY ${scratch}
  OUTPUT_VARIABLE printed COMMAND_ERROR_IS_FATAL ANY
)
string(REGEX MATCHALL "[^\n]+" suites "${printed}")
list(FILTER suites EXCLUDE REGEX "^(.doctest. .*|=+)$")
get_filename_component(name ${program} NAME)
foreach(suite IN LISTS suites)
  add("suite ${suite}" "--test-suite=${suite}" "--test-case-exclude=${long_cases}")
endforeach()
list(JOIN suites "," suites)
add("${name}: cases of no suite" "--test-suite-exclude=${suites}" "--test-case-exclude=${long_cases}")
file(WRITE ${output} "${tests}")
