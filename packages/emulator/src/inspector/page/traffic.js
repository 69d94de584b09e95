import { byId, clockTime, element, facts, field, pretty, textOf } from "./elements.js";

/** @typedef {import("../events.ts").EmulatorEvent & { number: number, at: number }} Entry */
/** @typedef {{ logs: { level: string, message: unknown }[], invoked?: import("../events.ts").InvokedEvent }} Invocation */
/**
 * One line of the list.
 * @typedef {object} Row
 * @property {number} at
 * @property {"frame" | "function" | "other"} kind
 * @property {string} label
 * @property {string} [connectionId]
 * @property {string} [routeKey]
 * @property {string | undefined} [text]
 * @property {string} [outcome]
 * @property {boolean} [isProblem]
 * @property {string} [invocationId]
 * @property {Record<string, unknown>} [facts]
 * @property {HTMLElement} [element]
 */

/** The most rows that the page shows. */
const ROWS_MAX = 2000;
const PREVIEW_CHARACTERS = 160;

/** @type {Row[]} */
let rows = [];
/** Rows of frames and handshakes, by their request. @type {Map<string, Row>} */
const byRequest = new Map();
/** @type {Map<string, Invocation>} */
const invocations = new Map();
/** Rows of invocations that no frame has claimed. @type {Map<string, Row>} */
const unclaimed = new Map();

const list = byId("rows");

/** @param {string} id @returns {Invocation} */
function invocationOf(id) {
  const known = invocations.get(id) ?? { logs: [] };
  invocations.set(id, known);
  return known;
}

/**
 * Adds what has happened to the list.
 * @param {Entry} entry
 */
export function addEntry(entry) {
  switch (entry.kind) {
    case "handshake":
      return addRequest(entry, { label: "→ connect", text: entry.path, facts: { headers: entry.headers } });
    case "received":
      return addRequest(entry, { label: "→ frame", routeKey: entry.routeKey, text: entry.text });
    case "answered":
      return answer(entry);
    case "sent":
      return addRow({
        ...entry,
        kind: "frame",
        label: entry.isError ? "← error" : "← response",
        isProblem: entry.isError,
      });
    case "pushed":
      return addRow({
        ...entry,
        kind: "frame",
        label: entry.method === "POST" ? "← push" : `@connections ${entry.method}`,
        outcome: String(entry.status),
        isProblem: entry.status >= 400,
        facts: { caller: entry.caller },
      });
    case "closed":
      return addRow({ ...entry, kind: "frame", label: `closed by ${entry.by}`, text: `${entry.code} ${entry.reason}` });
    case "invoked":
      return addInvocation(entry);
    case "logged":
      return addLog(entry);
    case "denied":
      return addRow({ at: entry.at, kind: "other", label: "denied", text: entry.explanation, isProblem: true });
    case "scheduled":
      return addRow({ at: entry.at, kind: "other", label: "schedule", text: entry.name });
    case "queued":
      return addRow({ at: entry.at, kind: "other", label: `queue ${entry.queue}`, text: entry.body });
  }
}

/**
 * @param {Extract<Entry, { requestId: string, connectionId: string }>} entry
 * @param {Pick<Row, "label" | "routeKey" | "text" | "facts">} content
 */
function addRequest({ at, connectionId, requestId }, content) {
  const row = { at, connectionId, kind: /** @type {const} */ ("frame"), ...content };
  byRequest.set(requestId, row);
  addRow(row);
}

/** @param {Extract<Entry, { kind: "answered" }>} entry */
function answer({ at, connectionId, requestId, routeKey, status, error, invocationId, milliseconds }) {
  let row = byRequest.get(requestId);
  if (!row) {
    // The frame of a disconnect is the close that came before.
    row = { at, connectionId, kind: "frame", label: "disconnected" };
    addRow(row);
  }
  byRequest.delete(requestId);
  row.routeKey = routeKey;
  row.outcome = milliseconds === undefined ? String(status) : `${status} · ${milliseconds} ms`;
  row.isProblem = status >= 400;
  row.facts = { ...row.facts, error };
  if (invocationId !== undefined) claim(row, invocationId);
  refresh(row);
}

/** @param {Row} row @param {string} invocationId */
function claim(row, invocationId) {
  row.invocationId = invocationId;
  if (invocations.get(invocationId)?.invoked?.error) row.isProblem = true;
  const own = unclaimed.get(invocationId);
  unclaimed.delete(invocationId);
  if (!own) return;
  own.element?.remove();
  rows = rows.filter((each) => each !== own);
}

/** @param {Extract<Entry, { kind: "invoked" }>} entry */
function addInvocation(entry) {
  invocationOf(entry.requestId).invoked = entry;
  const { at, functionName, requestId, milliseconds, error } = entry;
  const claimed = rows.find((row) => row.invocationId === requestId);
  if (claimed) {
    claimed.isProblem ||= error !== undefined;
    return refresh(claimed);
  }
  const row = {
    at,
    kind: /** @type {const} */ ("function"),
    label: `λ ${functionName}`,
    outcome: `${milliseconds.toFixed(1)} ms`,
    text: error?.message ?? "",
    isProblem: error !== undefined,
    invocationId: requestId,
  };
  unclaimed.set(requestId, row);
  addRow(row);
}

/** @param {Extract<Entry, { kind: "logged" }>} entry */
function addLog({ at, source, level, requestId, message }) {
  const isProblem = level === "ERROR" || level === "FATAL";
  if (requestId === undefined) {
    return addRow({ at, kind: "function", label: `${level} ${source}`, text: textOf(message), isProblem });
  }
  invocationOf(requestId).logs.push({ level, message });
  const row = rows.find((each) => each.invocationId === requestId);
  if (row) refresh(row);
}

/** @param {Row} row */
function addRow(row) {
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  rows.push(row);
  refresh(row);
  if (rows.length > ROWS_MAX) rows.shift()?.element?.remove();
  if (isAtEnd) list.scrollTop = list.scrollHeight;
  byId("no-traffic").hidden = true;
}

export function clearRows() {
  rows = [];
  for (const map of [byRequest, invocations, unclaimed]) map.clear();
  list.replaceChildren();
  byId("no-traffic").hidden = false;
}

export function filterRows() {
  for (const row of rows) if (row.element) row.element.hidden = !isShown(row);
}

/** @param {Row} row */
function isShown({ kind, label, connectionId, routeKey, text, outcome, isProblem, invocationId }) {
  const shown = field("kind").value;
  if (shown === "problem" ? !isProblem : shown !== "" && shown !== kind) return false;
  const logs = invocations.get(invocationId ?? "")?.logs.map(({ message }) => textOf(message)) ?? [];
  const haystack = [label, connectionId, routeKey, text, outcome, ...logs].join("\n").toLowerCase();
  return haystack.includes(field("filter").value.trim().toLowerCase());
}

/** @param {Row} row Shows its current state. */
function refresh(row) {
  const before = row.element;
  const after = rendered(row);
  row.element = after;
  after.hidden = !isShown(row);
  if (!before) return list.append(after);
  const [oldDetails, newDetails] = [before, after].map((each) => each.querySelector("details"));
  if (oldDetails && newDetails) newDetails.open = oldDetails.open;
  const hadFocus = before.contains(document.activeElement);
  before.replaceWith(after);
  if (hadFocus) after.querySelector("summary")?.focus();
}

/** @param {Row} row */
function rendered(row) {
  const { at, label, connectionId, routeKey, text = "", outcome, isProblem } = row;
  const summary = element(
    "summary",
    {},
    element("time", {}, clockTime(at)),
    element("span", { class: "label" }, label),
    connectionId !== undefined && element("span", { class: "connection" }, connectionId),
    routeKey !== undefined && element("span", { class: "route" }, routeKey),
    outcome !== undefined && element("span", { class: "outcome" }, isProblem ? `✗ ${outcome}` : outcome),
    element("span", { class: "preview" }, text.slice(0, PREVIEW_CHARACTERS)),
  );
  const details = /** @type {HTMLDetailsElement} */ (element("details", {}, summary));
  // A long list has few open rows, so only those get their content.
  const fill = () => details.open && details.childElementCount === 1 && details.append(detailsOf(row));
  details.addEventListener("toggle", fill);
  return element("li", isProblem ? { class: "problem" } : {}, details);
}

/** @param {Row} row */
function detailsOf({ text, facts: own = {}, invocationId }) {
  const { invoked, logs = [] } = invocations.get(invocationId ?? "") ?? {};
  return element(
    "div",
    { class: "details" },
    text !== undefined && element("pre", {}, pretty(text)),
    facts({ ...own, ...(invoked && factsOf(invoked)), "request id": invocationId }),
    logs.length > 0 && element("h3", {}, "Log"),
    ...logs.map(({ level, message }) => element("pre", { class: "log" }, `${level} ${textOf(message)}`)),
  );
}

/** @param {import("../events.ts").InvokedEvent} invoked */
const factsOf = (invoked) => ({
  function: invoked.functionName,
  duration: `${invoked.milliseconds.toFixed(2)} ms`,
  billed: `${invoked.billedMilliseconds} ms`,
  "cold start": invoked.initMilliseconds === undefined ? undefined : `${invoked.initMilliseconds.toFixed(0)} ms`,
  memory: memoryOf(invoked),
  error: invoked.error && `${invoked.error.type}: ${invoked.error.message}`,
});

/** @param {import("../events.ts").InvokedEvent} invoked */
const memoryOf = ({ memoryUsedMegabytes, memoryMegabytes }) =>
  memoryUsedMegabytes === undefined
    ? `of ${memoryMegabytes} MB, not measured without --verbose`
    : `${memoryUsedMegabytes} of ${memoryMegabytes} MB`;
