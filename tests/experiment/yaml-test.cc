/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/yaml.h"

#include <doctest/doctest.h>
#include <string>

using namespace ns3::mtlink;

namespace
{

YamlNode
ParseText(const std::string& text)
{
    return ParseYaml(text, {"test.yaml", ""});
}

std::string
GetMessage(const std::string& text)
{
    try
    {
        ParseText(text);
    }
    catch (const InputError& error)
    {
        return error.what();
    }
    return "accepted";
}

} // namespace

TEST_SUITE("yaml")
{
    TEST_CASE("values know their line and column")
    {
        const YamlNode root = ParseText("a: 1\nb:\n  - x\n  - {c: y}\n");
        const YamlNode& list = *root.Find("b");
        CHECK(list.items[0].line == 3);
        CHECK(list.items[0].column == 5);
        const YamlEntry& entry = list.items[1].entries[0];
        CHECK(entry.line == 4);
        CHECK(entry.column == 6);
        CHECK(entry.value.GetWhere().file == "test.yaml");
        CHECK(entry.value.column == 9);
    }

    TEST_CASE("anchors and aliases are copied")
    {
        const YamlNode root = ParseText("a: &x {b: 1}\nc: *x\n");
        CHECK(root.Find("c")->Find("b")->text == "1");
    }

    TEST_CASE("a bomb of aliases is refused before it takes memory")
    {
        std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
        for (int i = 1; i < 12; ++i)
        {
            const std::string name = "a" + std::to_string(i);
            const std::string last = "*a" + std::to_string(i - 1);
            text += name + ": &" + name + " [" + last;
            for (int j = 0; j < 9; ++j)
            {
                text += ", " + last;
            }
            text += "]\n";
        }
        CHECK(GetMessage(text).find("more than 1000000 values") != std::string::npos);
    }

    TEST_CASE("deep nesting is refused")
    {
        CHECK(GetMessage(std::string(100, '[') + std::string(100, ']'))
                  .find("nested deeper than 64 levels") != std::string::npos);
        CHECK(GetMessage(std::string(100000, '[')).find("error: ") != std::string::npos);
        CHECK(GetMessage(std::string(100000, '{')).find("error: ") != std::string::npos);
    }

    TEST_CASE("a bracket that is not closed is told as that")
    {
        for (const std::string text : {"[", "[a\n", "a: [{b: 1\n", "a:\n  [b: 1\n", "{[a: 1"})
        {
            CAPTURE(text);
            const std::string message = GetMessage(text);
            const bool isTold = message.find("this bracket is not closed") != std::string::npos ||
                                message.find("flow not found; check") != std::string::npos;
            CHECK(isTold);
        }
        CHECK(GetMessage("a: 1\n[b: 2\n").starts_with("test.yaml:2:1: error: this bracket"));
    }

    TEST_CASE("a tab that indents a line is told as that and no other tab is")
    {
        const std::string told = ": error: not YAML: a tab indents this line: take blanks instead";
        CHECK(GetMessage("a:\n\tb: 1\n\tc: 2\n") == "test.yaml:2:1" + told);
        CHECK(GetMessage("a:\n  b: 1\n  \tc: 2\n") == "test.yaml:3:3" + told);
        CHECK(GetMessage("a: {b: 1}\t# fine\n") == "accepted");
        CHECK(GetMessage("a: [b: 1\t\n").find("a tab") == std::string::npos);
    }

    TEST_CASE("bytes that are no text are refused or read, never a crash")
    {
        for (int byte = 0; byte < 256; ++byte)
        {
            const std::string text = std::string("a: b") + static_cast<char>(byte) + "c\n";
            GetMessage(text);
        }
    }

    TEST_CASE("what is written reads back as the same")
    {
        const std::string text = "a: 1\n"
                                 "b: [x, \"y, z\", \"p:q\", \"\"]\n"
                                 "c:\n"
                                 "  d: \"null\"\n"
                                 "  e:\n"
                                 "    - f: g\n"
                                 "      h: [1, 2]\n"
                                 "    - [i]\n"
                                 "k: \"a \\\"quoted\\\" \\\\ line\\n\"\n"
                                 "l: \"- x\"\n"
                                 "m: \"#no comment\"\n"
                                 "n: {}\n";
        const std::string once = WriteYaml(ParseText(text));
        CHECK(WriteYaml(ParseText(once)) == once);
        const YamlNode again = ParseText(once);
        CHECK(again.Find("k")->text == "a \"quoted\" \\ line\n");
        CHECK(again.Find("b")->items[1].text == "y, z");
        CHECK(again.Find("b")->items[3].text.empty());
        CHECK(again.Find("c")->Find("d")->text == "null");
        CHECK(again.Find("l")->text == "- x");
    }

    TEST_CASE("a file that can't be read is refused")
    {
        CHECK_THROWS_WITH_AS(LoadYaml("no-such.yaml"),
                             "no-such.yaml:1:1: error: can't be opened (No such file or "
                             "directory): give the path of a YAML file",
                             InputError);
        CHECK_THROWS_WITH_AS(LoadYaml("."),
                             ".:1:1: error: this is a directory: give a YAML file",
                             InputError);
    }
}
