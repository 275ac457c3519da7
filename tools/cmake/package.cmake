# SPDX-License-Identifier: GPL-2.0-only

# What is installed beside the library and the command, and the Debian packages that
# cpack makes of it all: libmtlink0.1, mtlink, libmtlink-dev, python3-mtlink.

set(MTLINK_PYTHON_DIR lib/python3/dist-packages CACHE STRING "Where the Python package goes")

# The manual and the shells' completions: the command prints them itself, from the
# same texts as its --help.
function(mtlink_install_habits)
  set(outputs)
  foreach(habit "manual:mtlink.1" "completion bash:mtlink.bash" "completion zsh:_mtlink"
                "completion fish:mtlink.fish"
  )
    string(REGEX REPLACE "(.*):(.*)" "\\1;\\2" parts ${habit})
    list(GET parts 0 call)
    list(GET parts 1 name)
    separate_arguments(call UNIX_COMMAND "${call}")
    add_custom_command(
      OUTPUT ${PROJECT_BINARY_DIR}/share/${name}
      COMMAND mtlink-command ${call} > ${PROJECT_BINARY_DIR}/share/${name}
      DEPENDS mtlink-command
      COMMENT "Writing ${name}"
      VERBATIM
    )
    list(APPEND outputs ${PROJECT_BINARY_DIR}/share/${name})
  endforeach()
  set(share ${PROJECT_BINARY_DIR}/share)
  set(manual ${share}/mtlink.1)
  if(MTLINK_DEBIAN)
    add_custom_command(
      OUTPUT ${manual}.gz
      COMMAND gzip --force --best --no-name --keep ${manual}
      DEPENDS ${manual}
      VERBATIM
    )
    string(APPEND manual .gz)
    list(APPEND outputs ${manual})
  endif()
  add_custom_target(mtlink-habits ALL DEPENDS ${outputs})
  install(FILES ${manual} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT command)
  install(FILES ${share}/mtlink.bash RENAME mtlink COMPONENT command
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
  )
  install(FILES ${share}/_mtlink COMPONENT command
          DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions
  )
  install(FILES ${share}/mtlink.fish COMPONENT command
          DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d
  )
endfunction()

function(mtlink_install_documents)
  install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/mtlink COMPONENT command)
  install(FILES README.md CITATION.cff DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/mtlink
          COMPONENT command
  )
endfunction()

function(mtlink_install_python)
  install(DIRECTORY python/mtlink DESTINATION ${MTLINK_PYTHON_DIR} COMPONENT python
          PATTERN "__pycache__" EXCLUDE
  )
  install(FILES tools/plot.py DESTINATION ${MTLINK_PYTHON_DIR}/mtlink COMPONENT python)
endfunction()

# What Debian wants in every package: its copyright and its changelog, whose only
# entry refers to ours.
function(mtlink_install_debian_papers)
  file(STRINGS CHANGELOG.md head REGEX "^## ${PROJECT_VERSION} - " LIMIT_COUNT 1)
  if(NOT head)
    message(FATAL_ERROR "CHANGELOG.md has no '## ${PROJECT_VERSION} - YYYY-MM-DD': add it")
  endif()
  string(REGEX REPLACE ".* - " "" day "${head}")
  execute_process(
    COMMAND env LC_ALL=C date --utc --date=${day} "+%a, %d %b %Y 00:00:00 +0000"
    OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY
  )
  set(papers ${PROJECT_BINARY_DIR}/debian)
  file(CONFIGURE OUTPUT ${papers}/changelog @ONLY CONTENT
"mtlink (@PROJECT_VERSION@) bookworm; urgency=medium

  * Release @PROJECT_VERSION@; CHANGELOG.md in the source tells what is new.

 -- @CPACK_PACKAGE_CONTACT@  @date@
"
  )
  execute_process(
    COMMAND gzip --force --best --no-name --keep ${papers}/changelog COMMAND_ERROR_IS_FATAL ANY
  )
  file(CONFIGURE OUTPUT ${papers}/copyright @ONLY CONTENT
"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: mtlink

Files: *
Copyright: the authors of mtlink
License: GPL-2.0-only

Files: model/report/page/vendor/*
Copyright: 2022 Leon Sorokin
License: Expat

License: GPL-2.0-only
 On Debian systems the full text of the GNU General Public License version 2
 can be found in /usr/share/common-licenses/GPL-2.

License: Expat
@expat@
"
  )
  foreach(pair "library:libmtlink${soversion}" "command:mtlink" "development:libmtlink-dev"
               "python:python3-mtlink"
  )
    string(REGEX REPLACE ":.*" "" component ${pair})
    string(REGEX REPLACE ".*:" "" package ${pair})
    install(FILES ${papers}/copyright ${papers}/changelog.gz COMPONENT ${component}
            DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package}
    )
  endforeach()
endfunction()

# Debian packages, by `make deb`; the names of the libraries that ours needs come from
# dpkg-shlibdeps.
macro(mtlink_package)
  set(soversion ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  set(CPACK_GENERATOR DEB)
  set(CPACK_PACKAGE_NAME mtlink)
  set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
  set(CPACK_PACKAGE_CONTACT "mtlink maintainers <maintainers@mtlink.example>")
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
  set(CPACK_STRIP_FILES ON)
  set(CPACK_DEB_COMPONENT_INSTALL ON)
  set(CPACK_COMPONENTS_ALL library command development python)
  set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}) # the command's own library
  set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
  set(CPACK_DEBIAN_PACKAGE_SECTION science)
  set(own "(= ${PROJECT_VERSION})")

  set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libmtlink${soversion})
  set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
  set(CPACK_COMPONENT_LIBRARY_DESCRIPTION
      "packet-level simulator of GPU fabrics, library\nmtlink is an ns-3 module: links with credits, switch chips, collectives and\ntraining iterations. This is its shared library."
  )
  file(WRITE ${PROJECT_BINARY_DIR}/debian/shlibs
       "libmtlink ${soversion} libmtlink${soversion} ${own}\n"
  )
  file(WRITE ${PROJECT_BINARY_DIR}/debian/triggers "activate-noawait ldconfig\n")
  set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA
      ${PROJECT_BINARY_DIR}/debian/triggers ${PROJECT_BINARY_DIR}/debian/shlibs
  )

  set(CPACK_DEBIAN_COMMAND_PACKAGE_NAME mtlink)
  set(CPACK_DEBIAN_COMMAND_PACKAGE_DEPENDS "libmtlink${soversion} ${own}")
  set(CPACK_DEBIAN_COMMAND_PACKAGE_SUGGESTS "python3-mtlink")
  set(CPACK_COMPONENT_COMMAND_DESCRIPTION
      "packet-level simulator of GPU fabrics\nReplays collectives, traces and training iterations over links, switch chips\nand endpoints described in YAML, and tells how long they took, how near to the\nbound that is, what held them up and what to try."
  )

  set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libmtlink-dev)
  set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
  set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libmtlink${soversion} ${own}, libns3-dev, ns3")
  set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
      "packet-level simulator of GPU fabrics, headers\nWhat ns-3 programs need to be built against mtlink: its headers and the CMake\npackage."
  )

  set(CPACK_DEBIAN_PYTHON_PACKAGE_NAME python3-mtlink)
  set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
  set(CPACK_DEBIAN_PYTHON_PACKAGE_ARCHITECTURE all)
  set(CPACK_DEBIAN_PYTHON_PACKAGE_SHLIBDEPS OFF)
  set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS
      "mtlink (>= ${PROJECT_VERSION}), python3, python3-pandas, python3-matplotlib"
  )
  set(CPACK_DEBIAN_PYTHON_PACKAGE_CONTROL_EXTRA
      ${PROJECT_SOURCE_DIR}/tools/debian/python3/postinst
      ${PROJECT_SOURCE_DIR}/tools/debian/python3/prerm
  )
  set(CPACK_COMPONENT_PYTHON_DESCRIPTION
      "packet-level simulator of GPU fabrics, Python\nRuns mtlink from Python, reads its results as pandas frames and draws them."
  )
  file(READ model/report/page/vendor/uPlot.LICENSE expat)
  string(STRIP "${expat}" expat)
  string(REGEX REPLACE "\n\n" "\n.\n" expat "${expat}")
  string(REGEX REPLACE "\n" "\n " expat " ${expat}")
  if(MTLINK_DEBIAN)
    mtlink_install_debian_papers()
  endif()
  include(CPack)
endmacro()
