import { type Call, isRecord, type Parameters, type Problem, shown } from "../call.ts";
import { page } from "./limit.ts";

const TAGGING = page("tag-editor/latest/userguide/best-practices-and-strats.html#id_tags_naming_best_practices");
const IAM = page("IAM/latest/UserGuide/id_tags.html#id_tags_rules_creating");

const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Where operations have tags: a map, or a list of keys and values. */
const MEMBERS = ["Tags", "tags", "TagList", "UserPoolTags"];

type Tag = readonly [key: string, value: string];

export function tagProblems({ service, parameters }: Call): Problem[] {
  return tagsOf(parameters).flatMap(({ member, tags }) => {
    const problem = (text: string, rule = TAGGING): Problem => ({ member, problem: text, rule });
    const alike = service === "iam" ? keysThatDifferByCase(tags) : [];
    return [
      ...(tags.length > 50 ? [problem(`has ${tags.length} tags; AWS accepts at most 50`)] : []),
      ...tags.flatMap(([key, value]) => problemsOf(key, value).map((text) => problem(text))),
      ...alike.map((keys) =>
        problem(
          `has the keys ${keys.join(" and ")}, which differ only by case; IAM does not distinguish the case of tag keys`,
          IAM,
        ),
      ),
    ];
  });
}

function problemsOf(key: string, value: string): string[] {
  const tag = `has the tag ${shown(key)}: ${shown(value)}`;
  return [
    ...(key.length >= 1 && key.length <= 128 && value.length <= 256
      ? []
      : [`${tag}; AWS accepts 1 to 128 and 0 to 256 characters`]),
    ...(CHARACTERS.test(key + value) ? [] : [`${tag}; AWS accepts letters, digits, spaces and _.:/=+-@`]),
    ...(key.toLowerCase().startsWith("aws:") ? [`${tag}; keys that begin with aws: are reserved, in any case`] : []),
  ];
}

function keysThatDifferByCase(tags: readonly Tag[]): string[][] {
  const byLower = new Map<string, string[]>();
  for (const [key] of tags) byLower.set(key.toLowerCase(), [...(byLower.get(key.toLowerCase()) ?? []), key]);
  return [...byLower.values()].filter((keys) => keys.length > 1);
}

function tagsOf(parameters: Parameters): { member: string; tags: readonly Tag[] }[] {
  const { Tagging, CreateBucketConfiguration } = parameters;
  const found = [
    ...MEMBERS.map((member) => [member, parameters[member]] as const),
    ["Tagging.TagSet", isRecord(Tagging) ? Tagging.TagSet : undefined] as const,
    [
      "CreateBucketConfiguration.Tags",
      isRecord(CreateBucketConfiguration) ? CreateBucketConfiguration.Tags : undefined,
    ] as const,
  ];
  return found.flatMap(([member, value]) => (value === undefined ? [] : [{ member, tags: pairs(value) }]));
}

/** Services spell the members of a tag differently: Key, key, TagKey. */
function pairs(value: unknown): readonly Tag[] {
  if (isRecord(value)) return Object.entries(value).map(([key, text]) => [key, String(text)]);
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return list.filter(isRecord).map((tag) => {
    const named = (suffix: RegExp) => String(Object.entries(tag).find(([name]) => suffix.test(name))?.[1] ?? "");
    return [named(/key$/i), named(/value$/i)];
  });
}
