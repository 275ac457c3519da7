# SPDX-License-Identifier: GPL-2.0-only

# The build as contrib/mtlink of an ns-3 tree: build_lib() and build_lib_example()
# are ns-3's own; this is what mtlink needs beside them.

include(${CMAKE_CURRENT_LIST_DIR}/common.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/unity.cmake)

option(MTLINK_PRECOMPILE "Compile up to eight sources of a room as one: for builds from nothing" OFF)

set(mtlink_ns3_version ${NS3_VER})
if(CMAKE_CXX_STANDARD LESS 20) # ns-3 before 3.46 builds with less
  set(CMAKE_CXX_STANDARD 20)
  set(PRECOMPILE_HEADERS_ENABLED OFF) # precompiled for that other standard
endif()

# Newer ns-3 warns of what is not in the standard: numbers of 128 bits, which GCC and Clang have.
add_compile_options(-Wno-pedantic)

# ns-3 links the tests of all modules from a folder beside this one.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)

# ns-3's own build has NS3_LINK_TIME_OPTIMIZATION for all of its modules. Those that the build alone optimises
# together are compiled apart there, and so here: rooms have the same parts.
function(mtlink_optimize_together)
  set(mtlink_compiled_apart ${mtlink_compiled_apart} ${ARGN} PARENT_SCOPE)
endfunction()
function(mtlink_optimize_for_tests)
endfunction()

# ns-3 before 3.44 has the sources of a module in a library of objects.
macro(mtlink_join_sources)
  foreach(target IN ITEMS ${libmtlink} ${libmtlink}-obj ${libmtlink}-test)
    if(TARGET ${target})
      mtlink_compile_by_room(${target})
    endif()
  endforeach()
endmacro()

# Placed beside the module's examples: contrib/mtlink/mtlink in the output folder.
macro(mtlink_build_command)
  if(NOT "${ARGN}" STREQUAL "")
    build_exec(
      EXECNAME mtlink
      EXECNAME_PREFIX command-
      SOURCE_FILES ${ARGN}
      LIBRARIES_TO_LINK ${libmtlink} ${third_party}
      EXECUTABLE_DIRECTORY_PATH
        ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/contrib/mtlink/
    )
  endif()
endmacro()
