import * as v from "valibot";
import { text } from "./rules.ts";

/* https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */

/** AWS counts tags per resource. */
const TAGS_MAX = 50;

/** Does not begin with `aws:` in any case, and has no space at either end. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html */
const tagText = (charactersMax: number): RegExp =>
  new RegExp(String.raw`^(?![aA][wW][sS]:|\s)[\p{L}\p{N}_ .:/=+@-]{1,${charactersMax}}(?<!\s)$`, "u");

const CHARACTERS =
  'letters, digits, spaces and _ . : / = + - @, with no space at either end and not beginning with "aws:"';

/** EventBridge Scheduler refuses an empty value. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Tag.html */
export const tags = v.pipe(
  v.record(
    text(tagText(128), `names of 1 to 128 ${CHARACTERS}`),
    text(tagText(256), `values of 1 to 256 ${CHARACTERS}`),
    "an object of names and values",
  ),
  v.check(
    (own) => new Set(Object.keys(own).map(inLowerCase)).size === Object.keys(own).length,
    'names that differ in more than case, because IAM treats "Team" and "team" as the same tag',
  ),
  v.check(
    (own) => Object.keys(withDefaults({ project: "", environment: "" }, own)).length <= TAGS_MAX,
    `at most ${TAGS_MAX} tags, including "project" and "environment", which are added if you do not set them`,
  ),
);

type Tags = Readonly<Record<string, string>>;

/** IAM ignores the case of tag names, so a user's tag `Environment` replaces the default `environment`. */
export function withDefaults(defaults: Tags, own: Tags): Tags {
  const taken = new Set(Object.keys(own).map(inLowerCase));
  const kept = Object.entries(defaults).filter(([name]) => !taken.has(inLowerCase(name)));
  return { ...own, ...Object.fromEntries(kept) };
}

const inLowerCase = (name: string): string => name.toLowerCase();
