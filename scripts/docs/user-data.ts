import { itemKinds } from "../user/item-kinds.ts";
import type { Erasure } from "../user/relations.ts";
import { table } from "./markdown.ts";

function erased(erasure: Erasure): string {
  if (erasure.do === "tombstone") return "text and versions deleted, name replaced";
  if (erasure.do === "disconnect") return "deleted, with everything that the connection lists";
  if (erasure.do === "replace") return `name replaced in \`${erasure.attribute}\``;
  if (erasure.do === "unlist") return `name removed from \`${erasure.attribute}\``;
  if (erasure.do === "remove") return `\`${erasure.attribute}\` removed`;
  return erasure.do === "keep" ? `kept: ${erasure.reason}` : "deleted";
}

/** For each kind of item, what an export has and what an erasure does. */
export const userDataTable = table(
  ["items", "exported", "erased"],
  itemKinds.flatMap(({ name, relations, why }) =>
    relations.length === 0
      ? [[name, `nothing: ${why}`, ""]]
      : relations.map(({ role, erasure }) => [name, role, erased(erasure)]),
  ),
);
