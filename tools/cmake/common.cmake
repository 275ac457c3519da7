# SPDX-License-Identifier: GPL-2.0-only

# What the standalone build and the build in an ns-3 tree share.

# Compile .proto files into the build folder and add the results to the list of
# sources named by the first argument.
function(mtlink_compile_protos sources)
  set(directory ${CMAKE_CURRENT_BINARY_DIR}/proto)
  file(MAKE_DIRECTORY ${directory})
  foreach(proto IN LISTS ARGN)
    get_filename_component(folder ${proto} DIRECTORY)
    get_filename_component(name ${proto} NAME_WE)
    set(output ${directory}/${name}.pb.cc ${directory}/${name}.pb.h)
    add_custom_command(
      OUTPUT ${output}
      COMMAND
        protobuf::protoc --cpp_out=${directory} --proto_path=${folder} ${proto}
      WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
      DEPENDS ${proto}
      COMMENT "Compiling ${proto}"
      VERBATIM
    )
    set_source_files_properties(
      ${output} PROPERTIES COMPILE_OPTIONS -w SKIP_PRECOMPILE_HEADERS ON
    )
    list(APPEND ${sources} ${output})
  endforeach()
  set(${sources} ${${sources}} PARENT_SCOPE)
endfunction()

# Definitions that sources and tests may rely on in both builds.
macro(mtlink_set_definitions)
  add_compile_definitions(
    MTLINK_VERSION="${mtlink_version}" MTLINK_NS3_VERSION="${mtlink_ns3_version}"
  )
  # On the sources, as ns-3 exports the include folders of its targets. A system
  # folder: generated code is not held to the warnings of written code.
  # Private headers are included by their room, from the one folder of rooms.
  set_property(
    SOURCE ${source_files} ${test_sources} ${command_files} ${fuzz_files}
    APPEND
    PROPERTY COMPILE_OPTIONS -I${CMAKE_CURRENT_SOURCE_DIR}/model -isystem
             ${CMAKE_CURRENT_BINARY_DIR}/proto
  )
  # The checkout, where tests find topologies/ and examples/.
  set_property(
    SOURCE ${test_sources}
    APPEND
    PROPERTY COMPILE_DEFINITIONS
             MTLINK_SOURCE_DIR="${CMAKE_CURRENT_SOURCE_DIR}"
  )
endmacro()

# Embed files into the library, in the order given: tools/cmake/embed.cmake writes
# the source, which is added to the list of sources named by the first argument.
function(mtlink_embed_files sources folder)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded/mtlink-page-files.cc)
  set(inputs ${ARGN})
  list(TRANSFORM inputs PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/)
  add_custom_command(
    OUTPUT ${output}
    COMMAND
      ${CMAKE_COMMAND} -D output=${output} -D folder=${CMAKE_CURRENT_SOURCE_DIR}/${folder}
      -D "files=${ARGN}" -P ${CMAKE_CURRENT_SOURCE_DIR}/tools/cmake/embed.cmake
    DEPENDS ${inputs} ${CMAKE_CURRENT_SOURCE_DIR}/tools/cmake/embed.cmake
    COMMENT "Embedding the files of ${folder}"
    VERBATIM
  )
  set_source_files_properties(${output} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
  list(APPEND ${sources} ${output})
  set(${sources} ${${sources}} PARENT_SCOPE)
endfunction()
