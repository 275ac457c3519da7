# SPDX-License-Identifier: GPL-2.0-only

# The build as contrib/mtlink of an ns-3 tree with waf: ns-3.35, the last that has it.
# Lists of files are those of CMakeLists.txt and examples/CMakeLists.txt: there is no
# second list to keep.

import re

import wutils
from waflib import Options

PACKAGES = ['fmt', 'protobuf', 'yaml-cpp', 'zlib']
JOINED = 8  # sources compiled as one, with --enable-mtlink-rooms
LIBRARIES = ['MTLINK_' + package.upper().replace('-', '_') for package in PACKAGES]


def read_list(text, name):
    """The words of set(NAME ...) or NAME(...) of a CMakeLists.txt."""
    found = re.search(r'^(?:set\(%s|%s\()\n(.*?)^\)' % (name, name), text, re.S | re.M).group(1)
    return re.sub(r'#[^\n]*', '', found).split()


def read_examples(text):
    """Name, sources and modules of each example in examples/CMakeLists.txt."""
    for call in re.findall(r'^build_lib_example\((.*?)^\)', text, re.S | re.M):
        name, sources, modules = re.fullmatch(
            r'\s*NAME (\S+)\s+SOURCE_FILES (.*?)\s+LIBRARIES_TO_LINK (.*?)\s*', call, re.S).groups()
        yield name, sources.split(), re.findall(r'\$\{lib([^}]+)\}', modules)


def options(opt):
    opt.add_option('--enable-mtlink-rooms', action='store_true', dest='mtlink_rooms',
                   help='Compile up to eight sources of a room as one: a third of the time from nothing')
    opt.add_option('--enable-mtlink-tests', action='store_true', dest='mtlink_tests',
                   help='Build mtlink-tests, the suite mtlink by itself: without the tests of other modules')


def configure(conf):
    conf.env.MTLINK_TESTS = bool(Options.options.mtlink_tests)
    conf.env.MTLINK_ROOMS = bool(Options.options.mtlink_rooms)
    conf.find_program('cmake')
    conf.find_program('protoc')
    for package, store in zip(PACKAGES, LIBRARIES):
        conf.check_cfg(package=package, args=['--cflags', '--libs'], uselib_store=store)


def embed(bld, files):
    """Have the page of reports made a source, as tools/cmake/common.cmake does."""
    folder = bld.path.find_node('model/report/page')
    script = bld.path.find_resource('tools/cmake/embed.cmake')
    page = bld.path.find_or_declare('embedded/mtlink-page-files.cc')
    bld(rule="${CMAKE} -D output=%s -D folder=%s '-D files=%s' -P ${SRC[0].abspath()}"
        % (page.abspath(), folder.abspath(), ';'.join(files)),
        source=[script] + [folder.find_resource(file) for file in files], target=page)
    return page


def compile_protos(bld, files):
    """Have .proto files compiled; gives the sources."""
    sources = []
    for file in files:
        proto = bld.path.find_resource(file)
        source, header = (bld.path.find_or_declare('proto/' + proto.name.replace('.proto', ending))
                          for ending in ('.pb.cc', '.pb.h'))
        bld(rule='${PROTOC} --cpp_out=%s --proto_path=%s ${SRC[0].abspath()}'
            % (source.parent.abspath(), proto.parent.abspath()),
            source=proto, target=[source, header], ext_out=['.h'])
        sources.append(source)
    return sources


def join_rooms(bld, sources):
    """Have sources of each room compiled as one, as tools/cmake/unity.cmake does; gives what to compile."""
    apart = set(read_list(bld.path.find_resource('tools/cmake/unity.cmake').read(), 'mtlink_compiled_apart')
                + read_list(bld.path.find_resource('CMakeLists.txt').read(), 'mtlink_optimize_together'))
    rooms = {}
    alone = []
    for source in sources:
        room = re.match(r'(model|tests)/([^/]+)/', source) if isinstance(source, str) else None
        if room and source not in apart:
            rooms.setdefault('-'.join(room.groups()), []).append(source)
        else:
            alone.append(source)
    joined = []
    for room, files in rooms.items():
        files.sort()
        for first in range(0, len(files), JOINED):
            unit = bld.path.find_or_declare('rooms/%s-%d.cc' % (room, first // JOINED))
            bld(rule=write_includes, source=files[first:first + JOINED], target=unit)
            joined.append(unit)
    return joined + alone


def write_includes(task):
    task.outputs[0].write(''.join('#include "%s"\n' % source.abspath() for source in task.inputs))


def build(bld):
    text = bld.path.find_resource('CMakeLists.txt').read()
    version = re.search(r'mtlink_version ([\d.]+)', text).group(1)
    page = embed(bld, read_list(text, 'page_files'))
    protos = compile_protos(bld, read_list(text, 'proto_files'))
    flags = ['-std=c++20', '-Wno-restrict',
             '-include', bld.path.find_resource('tools/waf/ns3-lambdas.h').abspath(),
             '-I' + bld.path.find_dir('model').abspath(),
             '-isystem', bld.path.get_bld().make_node('proto').abspath()]
    if bld.env.MTLINK_ROOMS:
        flags.append('-Wno-subobject-linkage')  # all is included there: it takes sources for headers
    defines = ['MTLINK_VERSION="%s"' % version, 'MTLINK_NS3_VERSION="%s"' % wutils.VERSION]

    def make(task, sources):
        """Have sources of the module compiled as they want it; scripts need nothing of it."""
        task.source = join_rooms(bld, sources) if bld.env.MTLINK_ROOMS else sources
        task.env.append_value('CXXFLAGS', flags)
        task.env.append_value('DEFINES', defines)
        task.use += LIBRARIES

    def make_tests(task):
        make(task, read_list(text, 'test_sources'))
        task.env.append_value('DEFINES', 'MTLINK_SOURCE_DIR="%s"' % bld.path.abspath())

    make(bld.create_ns3_module('mtlink', ['core', 'network']),
         read_list(text, 'source_files') + protos + [page])
    make_tests(bld.create_ns3_module_test_library('mtlink'))
    if bld.env.MTLINK_TESTS:
        tests = bld.create_ns3_program('mtlink-tests', ['mtlink'])
        make_tests(tests)
        tests.env.append_value('DEFINES', 'MTLINK_TEST_MAIN')
    headers = bld(features='ns3header')
    headers.module = 'mtlink'
    headers.source = read_list(text, 'header_files')
    make(bld.create_ns3_program('mtlink', ['mtlink']), read_list(text, 'command_files'))

    for name, sources, modules in read_examples(bld.path.find_resource('examples/CMakeLists.txt').read()):
        if modules == ['mtlink'] or bld.env['ENABLE_EXAMPLES']:
            bld.create_ns3_program(name, modules).source = ['examples/' + source for source in sources]
