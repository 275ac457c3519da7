# SPDX-License-Identifier: GPL-2.0-only

# Install the build into a fresh prefix, build and run a user's project against it,
# and run the installed command.

function(run)
  execute_process(
    COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output
  )
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " line)
    message(FATAL_ERROR "${line}: ${result}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

set(prefix ${build}/tests/install/prefix)
set(user ${build}/tests/install/user)
file(REMOVE_RECURSE ${prefix} ${user})

run(${CMAKE_COMMAND} --install ${build} --prefix ${prefix})
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${user} -G ${generator}
    -D CMAKE_PREFIX_PATH=${prefix} -D CMAKE_CXX_COMPILER=${compiler}
    "-D CMAKE_CXX_FLAGS=${flags}"
)
run(${CMAKE_COMMAND} --build ${user})
run(${user}/mtlink-user)
if(NOT output STREQUAL "ran\n")
  message(FATAL_ERROR "The user's program printed: ${output}")
endif()

if(command)
  run(${prefix}/${bindir}/mtlink --version)
  if(NOT output MATCHES "${version}")
    message(FATAL_ERROR "mtlink --version printed: ${output}")
  endif()
  foreach(file man/man1/mtlink.1 bash-completion/completions/mtlink zsh/vendor-completions/_mtlink
               fish/vendor_completions.d/mtlink.fish doc/mtlink/model.md
               mtlink/mtlink.schema.json mtlink/topologies/dragonfly-72.yaml
  )
    if(NOT EXISTS ${prefix}/share/${file})
      message(FATAL_ERROR "share/${file} is not installed")
    endif()
  endforeach()
  # Examples run, and name their schema, where they are installed.
  set(example ${prefix}/share/mtlink/examples/allreduce-s5000-mesh.yaml)
  run(${prefix}/${bindir}/mtlink check ${example})
  file(STRINGS ${example} line LIMIT_COUNT 1)
  string(REGEX REPLACE ".*schema=" "" schema "${line}")
  if(NOT EXISTS ${prefix}/share/mtlink/examples/${schema})
    message(FATAL_ERROR "${example} names a schema that is not there: ${schema}")
  endif()
  foreach(file __init__.py plot.py py.typed)
    if(NOT EXISTS ${prefix}/lib/python3/dist-packages/mtlink/${file})
      message(FATAL_ERROR "the Python package lacks ${file}")
    endif()
  endforeach()
endif()
