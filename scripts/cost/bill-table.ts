import type { Comparison, Month } from "../../benchmarks/costs/compare.ts";
import prices from "../../benchmarks/costs/prices.json" with { type: "json" };
import type { Load } from "../../benchmarks/costs/work.ts";
import { table } from "../docs/markdown.ts";

const dollars = (amount: number): string =>
  `$${amount.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

const quantity = (amount: number): string =>
  amount.toLocaleString("en", amount < 10 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 });

/** The bills of both designs for a month, side by side, in Markdown. */
export function billTable(load: Load, { chat, textbook }: Comparison): string {
  const rows = chat.lines.map((line, index) => {
    const other = textbook.lines[index] ?? line;
    return [
      line.service,
      line.item,
      quantity(line.quantity),
      dollars(line.dollars),
      quantity(other.quantity),
      dollars(other.dollars),
    ];
  });
  const last = ({ lastSeconds }: Month): string => (load.messagesPerDay > 0 ? `${lastSeconds.toFixed(1)} s` : "");
  return [
    `${sentenceOf(load)}\n\n`,
    table(
      ["service", "item", "this chat", "a month", "textbook", "a month"],
      [
        ...rows,
        ["all", "", "", dollars(chat.dollars), "", dollars(textbook.dollars)],
        ["last delivery of a message after", "", last(chat), "", last(textbook), ""],
      ],
    ),
    `\nPrices of ${prices.date} in ${prices.region}, without the free tiers of the first year.\n`,
  ].join("");
}

const sentenceOf = ({ connections, hoursPerDay, daysPerMonth, messagesPerDay, audience }: Load): string =>
  `${quantity(connections)} connections, ${quantity(hoursPerDay)} hours a day on ${daysPerMonth} days a month. ` +
  `Messages per client and day: ${quantity(messagesPerDay)}. Recipients per message: ${quantity(audience)}.`;
