/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "experiment/json-schema.h"

#include "cost/cost-profile.h"
#include "experiment/attributes.h"
#include "experiment/experiment-keys.h"
#include "experiment/experiment.h"
#include "experiment/fabric-loader.h"
#include "experiment/schema-forms.h"
#include "experiment/training-reader.h"
#include "experiment/workload-reader.h"
#include "workload/collective/collective-kind.h"

#include "ns3/mtlink-graph-topology.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

namespace
{

using Json = SchemaJson;

const std::string DEFINITIONS = "#/definitions/";

/** Under which editors and validators know the schema; nothing is fetched from there. */
constexpr const char* IDENTIFIER = "https://mtlink.example/mtlink.schema.json";

Json
MakeReference(const std::string& name)
{
    return {{"$ref", DEFINITIONS + name}};
}

/** @return what mappings that have all of some keys fit. */
Json
Has(const std::vector<std::string>& keys)
{
    return {{"required", keys}};
}

/** @return what mappings that have none of some keys fit. */
Json
HasNone(const std::vector<std::string>& keys)
{
    Json any = Json::array();
    for (const std::string& key : keys)
    {
        any.push_back(Has({key}));
    }
    return {{"not", {{"anyOf", any}}}};
}

/** @return what mappings in which a key has one of some values fit. */
Json
Is(const std::string& key, const std::vector<std::string>& values)
{
    return {{"required", {key}}, {"properties", {{key, {{"enum", values}}}}}};
}

Json
If(const Json& condition, const Json& then)
{
    return {{"if", condition}, {"then", then}};
}

Json
IfElse(const Json& condition, const Json& then, const Json& otherwise)
{
    return {{"if", condition}, {"then", then}, {"else", otherwise}};
}

void
Require(Json& schema, const Json& rule)
{
    schema["allOf"].push_back(rule);
}

Json
MakeObject(const Json& properties)
{
    return {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}};
}

/** Add the keys of a section that are no attributes to a mapping's schema. */
void
AddSection(Json& object, const std::string& section)
{
    for (const ExperimentKey& key : GetExperimentKeys())
    {
        if (key.section != section)
        {
            continue;
        }
        Json json = MakeFormSchema(ParseKeyType(key.type));
        json["description"] = key.help;
        object["properties"][key.key] = std::move(json);
        if (key.isRequired && key.goesWith.empty())
        {
            object["required"].push_back(key.key);
        }
        else if (key.isRequired)
        {
            Require(object, If(Has({key.goesWith}), Has({key.key})));
        }
        if (!key.goesWith.empty())
        {
            Json owners = Json::array();
            for (const KeyForm& owner : ParseKeyType(key.goesWith))
            {
                owners.push_back(Has({owner.word}));
            }
            object["dependencies"][key.key] = {{"anyOf", owners}};
        }
    }
}

/** @return the mapping of a section. */
Json
MakeSection(const std::string& section)
{
    Json object = MakeObject(Json::object());
    AddSection(object, section);
    return object;
}

/** Say what the mapping is that a value may be; other forms stay. */
void
SetMapping(Json& value, const Json& mapping)
{
    const Json plain{{"type", "object"}};
    if (value.contains("anyOf"))
    {
        for (Json& one : value["anyOf"])
        {
            if (one == plain)
            {
                one = mapping;
            }
        }
        return;
    }
    Json made = mapping;
    made["description"] = value["description"];
    value = std::move(made);
}

Json
MakeProfile(TypeId tid)
{
    Json properties = Json::object();
    for (const AttributeInfo& info : DescribeAttributes(tid))
    {
        properties[info.key] = MakeAttributeSchema(info);
    }
    return MakeObject(properties);
}

Json
MakeLink()
{
    Json link = MakeProfile(LinkProfile::GetTypeId());
    link["dependencies"]["latency"] = HasNone({"phy_latency", "fec_latency", "length"});
    return link;
}

/** The fabrics that any kind nests. */
std::vector<std::string>
ListChildren()
{
    std::vector<std::string> all;
    for (const std::string& kind : GetFabricKinds())
    {
        for (const std::string& child : CreateTopologyBuilder(kind)->GetChildNames())
        {
            all.push_back(child);
        }
    }
    return all;
}

/** @return `links:` of a kind, or nothing: the kind has no link classes. */
Json
MakeLinkClasses(const TopologyBuilder& builder)
{
    const std::vector<AttributeInfo> infos = DescribeAttributes(builder.GetInstanceTypeId());
    const bool hasShape = std::any_of(infos.begin(), infos.end(), [](const AttributeInfo& info) {
        return info.form == AttributeForm::LIST;
    });
    // A graph's edges say their classes; levels and dimensions have one each.
    if (hasShape || builder.GetInstanceTypeId() == GraphTopology::GetTypeId())
    {
        return {{"type", "object"}, {"additionalProperties", MakeReference("link")}};
    }
    Json classes = Json::object();
    for (const std::string& name : builder.GetLinkClassNames())
    {
        classes[name] = MakeReference("link");
    }
    return classes.empty() ? Json() : MakeObject(classes);
}

/** @return the mapping of a fabric of one kind. */
Json
MakeKind(const std::string& kind)
{
    const Ptr<TopologyBuilder> builder = CreateTopologyBuilder(kind);
    const std::vector<std::string> children = builder->GetChildNames();
    Json fabric = MakeSection("fabric");
    Json& properties = fabric["properties"];
    for (const std::string& child : ListChildren())
    {
        properties.erase(child);
    }
    const Json nodes = properties["nodes"];
    const Json edges = properties["edges"];
    properties.erase("nodes");
    properties.erase("edges");
    for (const AttributeInfo& info : DescribeAttributes(builder->GetInstanceTypeId()))
    {
        properties[info.key] = MakeAttributeSchema(info);
    }
    properties["kind"] = {{"enum", {kind}}, {"description", "Layout of the fabric."}};
    for (const char* part : {"link", "switch", "endpoint", "routing"})
    {
        properties[part] = MakeReference(part);
    }
    properties["links"] = MakeLinkClasses(*builder);
    if (properties["links"].is_null())
    {
        properties.erase("links");
    }
    for (const std::string& child : children)
    {
        properties[child] = {{"anyOf", {Json{{"type", "string"}}, MakeReference("fabric_nested")}}};
    }
    if (!children.empty())
    {
        Require(fabric, IfElse(Has({"extends"}), Json::object(), Has(children)));
    }
    if (kind == "graph")
    {
        properties["nodes"] = {{"type", "array"},
                               {"minItems", 1},
                               {"items", MakeSection("node")},
                               {"description", nodes["description"]}};
        Json edge = MakeSection("edge");
        edge["properties"]["link"] = MakeReference("link");
        properties["edges"] = {{"type", "array"},
                               {"items", edge},
                               {"description", edges["description"]}};
        fabric["dependencies"]["file"] = HasNone({"nodes", "edges"});
        Require(fabric,
                IfElse({{"anyOf", {Has({"extends"}), Has({"file"})}}},
                       Json::object(),
                       Has({"nodes", "edges"})));
    }
    if (kind == "fat_tree")
    {
        for (const char* key : {"radix", "levels"})
        {
            fabric["dependencies"][key] = HasNone({"down", "up"});
        }
    }
    return fabric;
}

/** Define fabrics: of each kind, of any, nested ones and the outermost. */
void
DefineFabrics(Json& definitions)
{
    Json known = Json::object(); // of a fabric that leaves its kind to what it is laid over
    Json fabric{{"type", "object"}};
    for (const std::string& kind : GetFabricKinds())
    {
        const std::string name = "fabric_" + kind;
        definitions[name] = MakeKind(kind);
        for (const auto& [key, value] : definitions[name]["properties"].items())
        {
            const Json reference = MakeReference(name + "/properties/" + key);
            if (!known.contains(key))
            {
                known[key] = {{"anyOf", Json::array()}};
            }
            known[key]["anyOf"].push_back(reference);
        }
        Require(fabric, If(Is("kind", {kind}), MakeReference(name)));
    }
    known["kind"] = {{"enum", GetFabricKinds()}, {"description", "Layout of the fabric."}};
    for (const char* part : {"link", "switch", "endpoint", "routing"})
    {
        known[part] = MakeReference(part);
    }
    for (const std::string& child : ListChildren())
    {
        known[child] = {{"anyOf", {Json{{"type", "string"}}, MakeReference("fabric_nested")}}};
    }
    known["extends"] = {{"type", "string"}, {"description", "Path of the fabric's file."}};
    fabric["properties"]["kind"] = known["kind"];
    definitions["fabric_part"] = MakeObject(known);
    Require(fabric, IfElse(Has({"kind"}), Json::object(), MakeReference("fabric_part")));
    definitions["fabric_nested"] = std::move(fabric);
    definitions["fabric"] = {{"allOf", {MakeReference("fabric_nested")}},
                             {"anyOf", {Has({"kind"}), Has({"extends"})}}};
}

/** @return a transformer. */
Json
MakeModel()
{
    Json model = MakeSection("training.model");
    Json experts = MakeSection("training.model.moe");
    SetMapping(experts["properties"]["balance"], MakeSection("training.model.moe.balance"));
    SetMapping(model["properties"]["moe"], experts);
    SetMapping(model["properties"]["mla"], MakeSection("training.model.mla"));
    model["dependencies"]["mla"] = HasNone({"kv_heads", "head_size"});
    return model;
}

/** @return a card. */
Json
MakeDevice()
{
    Json device = MakeSection("training.device");
    for (const char* key :
         {"peak", "memory", "matmul", "attention", "collective_overhead", "straggler"})
    {
        Json part = MakeSection(std::string("training.device.") + key);
        if (key == std::string("straggler"))
        {
            part["dependencies"] = {{"slow", {"by"}},
                                    {"by", {"slow"}},
                                    {"sigma", HasNone({"slow", "by"})}};
            part["minProperties"] = 1;
        }
        SetMapping(device["properties"][key], part);
    }
    return device;
}

/** @return a training, without what stands in mappings of its own. */
Json
MakeTraining()
{
    Json training = MakeSection("training");
    Json& properties = training["properties"];
    for (const char* key : {"batch",
                            "parallel",
                            "precision",
                            "overlap",
                            "collectives",
                            "search",
                            "schedule",
                            "input"})
    {
        Json part = MakeSection(std::string("training.") + key);
        part.erase("required"); // the rest may be in what it is laid over
        SetMapping(properties[key], part);
    }
    SetMapping(properties["model"], MakeReference("model_part"));
    SetMapping(properties["device"], MakeReference("device_part"));
    Json kind = MakeSection("training.devices");
    SetMapping(kind["properties"]["device"], MakeReference("device_part"));
    properties["devices"]["items"] = kind;
    Json& input = properties["input"]["properties"];
    SetMapping(input["store"], MakeSection("training.input.store"));
    training["dependencies"]["device"] = HasNone({"devices"});
    const auto whole = [](const std::string& name) {
        return Json{{"anyOf", {Json{{"type", "string"}}, MakeReference(name)}}};
    };
    const Json alone{{"properties", {{"model", whole("model")}, {"device", whole("device")}}}};
    Require(training, IfElse(Has({"extends"}), Json::object(), alone));
    return training;
}

/** `stability:`, with the mappings in it. */
Json
MakeStability()
{
    Json checkpoint = MakeSection("stability.checkpoint");
    SetMapping(checkpoint["properties"]["store"], MakeSection("stability.checkpoint.store"));
    Require(checkpoint, IfElse(Is("to", {"host"}), Has({"rate"}), HasNone({"rate"})));
    Require(checkpoint, IfElse(Is("to", {"store"}), Has({"store"}), HasNone({"store"})));
    Json failures = MakeSection("stability.failures");
    Json link = MakeSection("stability.failures.link");
    Require(link, IfElse(Is("effect", {"degraded"}), Has({"lanes"}), HasNone({"lanes"})));
    Require(link, IfElse(Is("effect", {"slow"}), Has({"slowdown"}), HasNone({"slowdown"})));
    SetMapping(failures["properties"]["link"], link);
    SetMapping(failures["properties"]["group"], MakeSection("stability.failures.group"));
    failures["minProperties"] = 1;
    Json stability = MakeSection("stability");
    SetMapping(stability["properties"]["checkpoint"], checkpoint);
    SetMapping(stability["properties"]["failures"], failures);
    return stability;
}

/** What a collective by name has. */
void
AddCollectives(Json& workload)
{
    for (const std::string& name : GetCollectives())
    {
        const CollectiveKind& kind = GetCollectiveKind(name);
        Json then{{"properties", {{"algorithm", {{"enum", GetAlgorithms(name)}}}}}};
        std::vector<std::string> none;
        std::vector<std::string> needed;
        (kind.HasSize() ? needed : none).push_back("size");
        if (kind.payload == Payload::COUNTS)
        {
            needed.push_back("counts");
        }
        if (!kind.HasRoot())
        {
            none.push_back("root");
        }
        then["required"] = needed;
        if (!none.empty())
        {
            then["not"] = HasNone(none)["not"];
        }
        Require(workload, If(Is("collective", {name}), then));
    }
}

Json
MakeWorkload(const Json& training)
{
    const std::vector<std::string> kinds{"collective", "trace", "traffic", "training"};
    Json workload = MakeSection("workload");
    Json& properties = workload["properties"];
    SetMapping(properties["training"], MakeReference("training"));
    SetMapping(properties["roofline"], MakeReference("device_part"));
    SetMapping(properties["ranks"], MakeSection("ranks"));
    for (Json& form : properties["ranks"]["anyOf"])
    {
        if (form.value("type", Json()) == "array")
        {
            form["items"] = {{"type", "integer"}, {"minimum", 0}};
            form["uniqueItems"] = true;
        }
    }
    Json byCollective = Json::object();
    for (const std::string& name : GetCollectives())
    {
        byCollective[name] = {{"enum", GetAlgorithms(name)}};
    }
    SetMapping(properties["algorithm"], MakeObject(byCollective));
    for (const auto& [key, value] : training["properties"].items())
    {
        if (IsTrainingKey(key)) // beside `training` it changes that
        {
            properties[key] = MakeReference("training/properties/" + key);
            workload["dependencies"][key] = Has({"training"});
        }
    }
    Json one = Json::array();
    for (const std::string& kind : kinds)
    {
        one.push_back(Has({kind}));
    }
    workload["oneOf"] = one;
    AddCollectives(workload);
    for (const auto& [key, patterns] : GetPatternKeys())
    {
        Require(workload, If(Has({key}), Is("traffic", patterns)));
    }
    return workload;
}

Json
MakeFault()
{
    Json fault = MakeSection("fault");
    fault["oneOf"] = {Has({"link"}), Has({"switch"}), Has({"links"})};
    Require(fault, IfElse(Has({"mtbf"}), HasNone({"at", "for"}), Has({"at"})));
    fault["dependencies"]["mttr"] = Has({"mtbf"});
    fault["dependencies"]["policy"] = Json{{"properties", {{"state", {{"enum", {"down"}}}}}}};
    Require(fault, If(Is("state", {"up"}), HasNone({"mtbf", "for"})));
    Require(fault, IfElse(Is("state", {"degraded"}), Has({"lanes"}), HasNone({"lanes"})));
    return fault;
}

/** @return whether a key of a training or fabric leads to mappings of another file's kind. */
bool
IsNested(const std::string& key)
{
    const std::vector<std::string> children = ListChildren();
    return key == "training" || key == "device" || key == "links" || key == "devices" ||
           std::find(children.begin(), children.end(), key) != children.end();
}

/** Finds the dotted keys of an experiment, which a sweep varies. */
class DottedKeys
{
  public:
    /** @param [in] schema The schema, with its definitions. */
    explicit DottedKeys(const Json& schema)
        : m_schema(schema)
    {
        Walk("", "/definitions/experiment");
    }

    /** @return a mapping of such keys to lists of values. */
    Json MakeGrid() const
    {
        Json grid = MakeObject(m_lists);
        std::vector<std::string> open = m_open;
        std::sort(open.begin(), open.end());
        open.erase(std::unique(open.begin(), open.end()), open.end());
        const std::string pattern = fmt::format("^({})\\..+$", fmt::join(open, "|"));
        grid["patternProperties"][pattern] = {{"type", "array"}, {"minItems", 1}};
        return grid;
    }

  private:
    /** Add what is below a mapping. @param [in] prefix Its key. @param [in] place Its pointer. */
    void Walk(const std::string& prefix, const std::string& place)
    {
        const Json& object = m_schema.at(Json::json_pointer(place));
        if (object.contains("$ref"))
        {
            Walk(prefix, object["$ref"].get<std::string>().substr(1));
            return;
        }
        for (std::size_t i = 0; object.contains("anyOf") && i < object["anyOf"].size(); ++i)
        {
            Walk(prefix, fmt::format("{}/anyOf/{}", place, i));
        }
        if (place == "/definitions/fabric")
        {
            Walk(prefix, "/definitions/fabric_part");
            return;
        }
        if (!object.contains("properties"))
        {
            const Json type = object.value("type", Json());
            if (type == "array" || type == "object")
            {
                AddOpen(prefix); // its items by number, its keys by any name
            }
            return;
        }
        for (const auto& [key, value] : object["properties"].items())
        {
            const std::string dotted = prefix.empty() ? key : prefix + "." + key;
            if (dotted == "name")
            {
                continue; // points have names of their own
            }
            m_lists[dotted] = {{"type", "array"},
                               {"minItems", 1},
                               {"items", {{"$ref", "#" + place + "/properties/" + key}}}};
            if (IsNested(key))
            {
                AddOpen(dotted);
            }
            else
            {
                Walk(dotted, place + "/properties/" + key);
            }
        }
    }

    void AddOpen(const std::string& prefix)
    {
        std::string escaped;
        for (const char c : prefix)
        {
            escaped += c == '.' ? "\\." : std::string(1, c);
        }
        m_open.push_back(escaped);
    }

    const Json& m_schema;            //!< The schema
    Json m_lists = Json::object();   //!< By key: a list of its values
    std::vector<std::string> m_open; //!< Keys below which anything may be, escaped
};

Json
MakeSweep(const Json& schema)
{
    Json sweep = MakeSection("sweep");
    Json& properties = sweep["properties"];
    SetMapping(properties["base"], MakeReference("experiment"));
    const Json grid = DottedKeys(schema).MakeGrid();
    SetMapping(properties["grid"], grid);
    SetMapping(properties["scenarios"], {{"$ref", DEFINITIONS + "sweep/properties/grid"}});
    properties["designs"]["items"] = {{"type", "string"}};
    properties["aggregate"]["enum"] = {"mean", "worst"};
    std::vector<std::string> keys;
    for (const ExperimentKey& key : GetExperimentKeys())
    {
        if (key.section == "experiment" && key.key != "name")
        {
            keys.push_back(key.key);
        }
    }
    properties["points"]["items"] = {
        {"type", "object"},
        {"propertyNames", {{"pattern", fmt::format("^({})(\\..+)?$", fmt::join(keys, "|"))}}}};
    properties["seeds"]["items"] = {{"type", "integer"}, {"minimum", 1}, {"maximum", MAX_SEED}};
    properties["seeds"]["uniqueItems"] = true;
    Json some = Json::array();
    for (const char* key : {"grid", "points", "scenarios", "seeds"})
    {
        some.push_back(Has({key}));
    }
    sweep["anyOf"] = some;
    return sweep;
}

/** @return a request for designs. */
Json
MakeDesign()
{
    Json design = MakeSection("design");
    Json& properties = design["properties"];
    SetMapping(properties["nodes_of"], MakeReference("fabric_nested"));
    Json chip = MakeSection("design.chips");
    SetMapping(chip["properties"]["switch"], MakeReference("switch"));
    properties["chips"]["items"] = chip;
    Json common{{"type", "object"}, {"additionalProperties", false}};
    for (const char* part : {"link", "switch", "endpoint", "routing"})
    {
        common["properties"][part] = MakeReference(part);
    }
    common["properties"]["links"] = {{"type", "object"},
                                     {"additionalProperties", MakeReference("link")}};
    SetMapping(properties["fabric"], common);
    SetMapping(properties["cost"], MakeReference("cost"));
    SetMapping(properties["money"], MakeSection("design.money"));
    SetMapping(properties["errors"], MakeSection("design.errors"));
    SetMapping(properties["target"], MakeSection("design.target"));
    properties["workloads"]["items"] = MakeReference("workload");
    return design;
}

Json
MakeExperiment()
{
    Json experiment = MakeSection("experiment");
    Json& properties = experiment["properties"];
    properties["name"]["pattern"] = "^[A-Za-z0-9_][-A-Za-z0-9_.]*$";
    SetMapping(properties["fabric"], MakeReference("fabric"));
    for (const char* key : {"workload", "simulation", "measure", "cost", "stability"})
    {
        SetMapping(properties[key], MakeReference(key));
    }
    properties["workloads"]["items"] = MakeReference("workload");
    properties["faults"]["items"] = MakeReference("fault");
    properties["faults"].erase("minItems"); // none, to switch those of a file off
    experiment["oneOf"] = {Has({"workload"}), Has({"workloads"})};
    return experiment;
}

/** @return which definition a file is held against, told by the keys that only it has. */
Json
MakeChoice()
{
    const auto any = [](const std::vector<std::string>& keys) {
        Json list = Json::array();
        for (const std::string& key : keys)
        {
            list.push_back(Has({key}));
        }
        return Json{{"anyOf", list}};
    };
    const Json rest{{"anyOf",
                     {MakeReference("experiment"),
                      MakeReference("fabric"),
                      MakeReference("training"),
                      MakeReference("model"),
                      MakeReference("device")}}};
    Json choice = IfElse(any({"layers", "hidden", "heads"}), MakeReference("model"), rest);
    choice = IfElse(any({"peak", "matmul"}), MakeReference("device"), choice);
    choice = IfElse(any({"batch", "parallel", "model"}), MakeReference("training"), choice);
    choice = IfElse(any({"kind", "link", "switch"}), MakeReference("fabric"), choice);
    choice = IfElse(any({"fabric", "workload", "workloads"}), MakeReference("experiment"), choice);
    choice = IfElse(any({"base", "grid", "points", "seeds"}), MakeReference("sweep"), choice);
    return IfElse(any({"chips", "kinds"}), MakeReference("design"), choice);
}

Json
MakeSimulation()
{
    Json simulation = MakeSection("simulation");
    simulation["dependencies"]["budget"] = Is("mode", {"auto"});
    return simulation;
}

/**
 * Define what has files of its own: "NAME_part" is what may be laid over another, NAME what a file
 * that extends no other must be.
 */
void
DefineFile(Json& definitions, const std::string& name, Json complete)
{
    const Json needs{{"required", complete["required"]}};
    complete.erase("required");
    definitions[name] = {
        {"allOf",
         {MakeReference(name + "_part"), IfElse(Has({"extends"}), Json::object(), needs)}}};
    definitions[name + "_part"] = std::move(complete);
}

/** @return the whole schema. */
Json
MakeSchema()
{
    Json schema;
    schema["$schema"] = "http://json-schema.org/draft-07/schema#";
    schema["$id"] = IDENTIFIER;
    schema["title"] = "mtlink experiment, sweep, design, fabric, training, model or device";
    schema["type"] = "object";
    const Json choice = MakeChoice();
    schema.update(choice);
    Json& definitions = schema["definitions"];
    definitions["experiment"] = MakeExperiment();
    DefineFabrics(definitions);
    definitions["link"] = MakeLink();
    definitions["switch"] = MakeProfile(SwitchProfile::GetTypeId());
    definitions["endpoint"] = MakeProfile(EndpointProfile::GetTypeId());
    definitions["routing"] = MakeProfile(RoutingProfile::GetTypeId());
    definitions["cost"] = MakeProfile(CostProfile::GetTypeId());
    DefineFile(definitions, "model", MakeModel());
    DefineFile(definitions, "device", MakeDevice());
    const Json training = MakeTraining();
    definitions["training"] = training;
    definitions["workload"] = MakeWorkload(training);
    definitions["fault"] = MakeFault();
    definitions["stability"] = MakeStability();
    definitions["simulation"] = MakeSimulation();
    definitions["measure"] = MakeSection("measure");
    definitions["sweep"] = MakeSweep(schema);
    definitions["design"] = MakeDesign();
    return schema;
}

} // namespace

std::string
WriteJsonSchema()
{
    return MakeSchema().dump(2) + "\n";
}

std::vector<std::string>
ListDottedKeys()
{
    const Json schema = MakeSchema();
    std::vector<std::string> keys;
    for (const auto& [key, lists] :
         schema["definitions"]["sweep"]["properties"]["grid"]["properties"].items())
    {
        keys.push_back(key);
    }
    return keys;
}

} // namespace mtlink
} // namespace ns3
