import { byId, call, clockTime, element, facts, field, pretty } from "./elements.js";

/** @typedef {import("./traffic.js").Entry} Entry */
/** @typedef {import("../events.ts").ConnectionSummary & { lastRoute?: string }} Connection */

/** @type {Map<string, Connection>} */
const connections = new Map();
let denials = 0;

/**
 * Follows the connections and denials.
 * @param {Entry} entry
 */
export function followEntry(entry) {
  if (entry.kind === "opened") setConnections([...connections.values(), entry]);
  if (entry.kind === "closed" && connections.delete(entry.connectionId)) showConnections();
  if (entry.kind === "received") setLastRoute(entry);
  if (entry.kind === "denied") addDenial(entry);
}

/** @param {Connection[]} open */
export function setConnections(open) {
  for (const each of open) connections.set(each.connectionId, { ...connections.get(each.connectionId), ...each });
  showConnections();
}

/** @param {Connection[]} open Those that are open now: the page may have missed events. */
export function keepConnections(open) {
  const ids = new Set(open.map(({ connectionId }) => connectionId));
  for (const id of connections.keys()) if (!ids.has(id)) connections.delete(id);
  setConnections(open);
}

/** @param {Extract<Entry, { kind: "received" }>} entry */
function setLastRoute({ connectionId, routeKey }) {
  const connection = connections.get(connectionId);
  if (!connection || connection.lastRoute === routeKey) return;
  connection.lastRoute = routeKey;
  showConnections();
}

function showConnections() {
  byId("connection-count").textContent = connections.size > 0 ? String(connections.size) : "";
  const cards = [...connections.values()].map(connectionCard);
  byId("connection-list").replaceChildren(...(cards.length > 0 ? cards : [nothing("No client is connected.")]));
  const chosen = field("push-to").value;
  byId("push-to").replaceChildren(...[...connections.keys()].map((id) => element("option", { value: id }, id)));
  if (connections.has(chosen)) field("push-to").value = chosen;
}

/** @param {Connection} connection */
const connectionCard = ({ connectionId, connectedAt, sourceIp, userAgent, lastRoute, identity, authorizer }) =>
  element(
    "article",
    { "aria-label": connectionId },
    element("h3", {}, connectionId),
    facts({
      since: clockTime(connectedAt),
      "source IP": sourceIp,
      "user agent": userAgent,
      "last route": lastRoute,
      identity,
      authorizer,
    }),
    element(
      "button",
      { type: "button", "aria-label": `Close ${connectionId}`, click: () => void call("/close", { connectionId }) },
      "Close",
    ),
  );

/** @param {string} text */
const nothing = (text) => element("p", { class: "empty" }, text);

/** @param {Extract<Entry, { kind: "denied" }>} entry */
function addDenial({ at, principal, action, resource, explanation }) {
  denials += 1;
  byId("denial-count").textContent = String(denials);
  const card = element(
    "article",
    {},
    element("h3", {}, action),
    facts({ time: clockTime(at), principal, resource, "what to do": explanation }),
  );
  if (denials === 1) byId("denial-list").replaceChildren(card);
  else byId("denial-list").prepend(card);
}

export function clearDenials() {
  denials = 0;
  byId("denial-count").textContent = "";
  byId("denial-list").replaceChildren(nothing("No request was denied."));
}

/** @param {{ tables: { name: string, keys: string[] }[] }} state */
export function showTables({ tables }) {
  const chosen = field("table").value;
  byId("table").replaceChildren(...tables.map(({ name }) => element("option", { value: name }, name)));
  if (tables.some(({ name }) => name === chosen)) field("table").value = chosen;
  keysOf = new Map(tables.map(({ name, keys }) => [name, keys]));
  if (tables.length === 0) byId("table-note").textContent = "The stack has no tables.";
}

/** @type {Map<string, string[]>} */
let keysOf = new Map();
/** @type {string | undefined} */
let nextItems;

/** @param {boolean} isNextPage */
export async function loadItems(isNextPage) {
  const table = field("table").value;
  const query = new URLSearchParams({ table, filter: field("table-filter").value });
  if (isNextPage && nextItems !== undefined) query.set("after", nextItems);
  const note = byId("table-note");
  try {
    const { items, next } = await call(`/items?${query}`);
    const shown = items.map((/** @type {Record<string, unknown>} */ item) => itemCard(item, keysOf.get(table) ?? []));
    if (isNextPage) byId("items").append(...shown);
    else byId("items").replaceChildren(...shown);
    nextItems = next;
    byId("next-items").hidden = next === undefined;
    const count = byId("items").childElementCount;
    note.textContent = `${count} ${count === 1 ? "item" : "items"}${next === undefined ? "" : ", and there may be more"}.`;
  } catch (fault) {
    note.textContent = /** @type {Error} */ (fault).message;
  }
}

/** @param {Record<string, unknown>} item @param {string[]} keys */
const itemCard = (item, keys) =>
  element(
    "details",
    { class: "item" },
    element("summary", {}, keys.map((key) => String(item[key])).join(" · ")),
    element("pre", {}, JSON.stringify(item, null, 2)),
  );

/** @param {{ schedules: { name: string, intervalMilliseconds: number, isEnabled: boolean }[], queues: { name: string, count: number, newest: { body: string }[] }[] }} state */
export function showSchedules({ schedules, queues }) {
  const cards = schedules.map(({ name, intervalMilliseconds, isEnabled }) =>
    element(
      "article",
      {},
      element("h3", {}, name),
      facts({ interval: `${intervalMilliseconds / 60_000} min`, state: isEnabled ? "enabled" : "disabled" }),
      element(
        "button",
        { type: "button", "aria-label": `Run ${name} now`, click: () => void call("/run", { schedule: name }) },
        "Run now",
      ),
    ),
  );
  byId("schedule-list").replaceChildren(...(cards.length > 0 ? cards : [nothing("The stack has no schedules.")]));
  const queueCards = queues.map(({ name, count, newest }) =>
    element(
      "article",
      {},
      element("h3", {}, `${name} (${count})`),
      ...newest.map(({ body }) => element("pre", {}, pretty(body))),
    ),
  );
  byId("queue-list").replaceChildren(...(queueCards.length > 0 ? queueCards : [nothing("The stack has no queues.")]));
}
