# SPDX-License-Identifier: GPL-2.0-only

# From nothing, half of the time to compile goes to headers that a room's sources share: with MTLINK_PRECOMPILE
# up to eight of a room are compiled as one. Users' builds, and those that are built again, are by source.

# These have a name in their unnamed namespace that another source of their room has too.
set(mtlink_compiled_apart
    model/emulation/host-interface.cc
    model/endpoint/host-control.cc
    model/endpoint/hpcc.cc
    model/experiment/stability-run.cc
    model/experiment/training-run.cc
    model/experiment/what-if.cc
    model/link/link-retry.cc
    model/measure/emulation-summary.cc
    model/measure/row-levels.cc
    model/measure/verdict-summary.cc
    model/net-device/mtlink-net-device.cc
    model/report/chinese-design-phrases.cc
    model/report/chinese-report-phrases.cc
    model/report/chinese-verdict-phrases.cc
    model/report/report-link-data.cc
    model/report/report-root-data.cc
    model/report/report-settings.cc
    model/report/report-timeline-data.cc
    model/routing/deadlock.cc
    model/routing/full-mesh-detour-routing.cc
    model/routing/full-mesh-routing.cc
    model/routing/hyperx-routing.cc
    model/routing/torus-routing.cc
    model/switch/round-robin-crossbar-arbiter.cc
    model/switch/wavefront-arbiter.cc
    model/trace/binary-goal-reader.cc
    model/trace/flight-recorder-reader.cc
    model/trace/kineto-reader.cc
    model/trace/simai-file.cc
    model/trace/simai-program.cc
    model/verdict/rule-faults.cc
    model/verdict/rule-jobs.cc
    model/verdict/rule-load.cc
    model/verdict/rule-rates.cc
    model/verdict/rule-training.cc
    tests/experiment/chakra-export-test.cc
    tests/experiment/key-rows-test.cc
    tests/experiment/mode-choice-test.cc
    tests/experiment/run-test.cc
    tests/experiment/stability-test.cc
    tests/experiment/training-test.cc
    tests/fabric/mesh-detour-test.cc
    tests/fabric/reference-test.cc
    tests/routing/path-selector-test.cc
    tests/switch/starvation-test.cc
    tests/switch/traffic-classes-test.cc
    tests/trace/call-trace-test.cc
    tests/trace/simai-reader-test.cc
    tests/trace/size-reader-test.cc
    tests/trace/trace-format-test.cc
    tests/trace/trace-found-test.cc
    tests/trace/trace-test.cc
    tests/trace/ub-reader-test.cc
    tests/verdict/load-test.cc
    tests/verdict/remark-test.cc
    tests/workload/operation-graph-test.cc
    tests/workload/replayer-test.cc
)

# Compile the sources of each room that have the same options as one, eight at a time.
function(mtlink_compile_by_room target)
  if(NOT MTLINK_PRECOMPILE)
    return()
  endif()
  set(usual -I${CMAKE_CURRENT_SOURCE_DIR}/model -isystem ${CMAKE_CURRENT_BINARY_DIR}/proto)
  get_target_property(sources ${target} SOURCES)
  list(SORT sources)
  foreach(source IN LISTS sources)
    get_source_file_property(options ${source} COMPILE_OPTIONS)
    if(source IN_LIST mtlink_compiled_apart
       OR NOT "${options}" STREQUAL "${usual}"
       OR NOT source MATCHES "^(model|tests)/([^/]+)/"
    )
      continue()
    endif()
    set(room ${CMAKE_MATCH_1}-${CMAKE_MATCH_2})
    math(EXPR count_${room} "0${count_${room}} + 1")
    math(EXPR group "(${count_${room}} - 1) / 8")
    # CMake leaves out what has options of its own: these are the target's then.
    set_property(SOURCE ${source} PROPERTY COMPILE_OPTIONS)
    set_property(SOURCE ${source} PROPERTY COMPILE_DEFINITIONS)
    set_property(SOURCE ${source} PROPERTY UNITY_GROUP ${room}-${group})
  endforeach()
  target_compile_options(${target} PRIVATE ${usual})
  if(target MATCHES "-test$")
    target_compile_definitions(${target} PRIVATE MTLINK_SOURCE_DIR="${CMAKE_CURRENT_SOURCE_DIR}")
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU) # all is included there: it takes sources for headers
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()
