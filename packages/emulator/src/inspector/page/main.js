import { byId, call, field } from "./elements.js";
import { addEntry, clearRows, filterRows } from "./traffic.js";
import { clearDenials, followEntry, keepConnections, loadItems, showSchedules, showTables } from "./views.js";

/** @typedef {import("./traffic.js").Entry} Entry */

/** @type {NodeListOf<HTMLButtonElement>} */
const NAVIGATION = document.querySelectorAll("nav button");
const VIEWS = ["traffic", "connections", "denials", "tables", "schedules", "send"];

let stage = "";
let isPaused = false;
/** Entries that have arrived while the page is paused. @type {Entry[]} */
let waiting = [];

/** @param {string} name */
function openView(name) {
  for (const view of VIEWS) byId(view).hidden = view !== name;
  for (const button of NAVIGATION) {
    if (button.dataset.view === name) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
  if (name === "schedules") void loadState();
}

async function loadState() {
  const state = await call("/state");
  stage = state.stage;
  byId("stack").textContent = state.name;
  showTables(state);
  showSchedules(state);
  keepConnections(state.connections);
}

/** @param {Entry} entry */
function show(entry) {
  followEntry(entry);
  if (isPaused) waiting.push(entry);
  else addEntry(entry);
  showStatus();
}

function showStatus(text = "Connected") {
  byId("status").textContent = isPaused ? `Paused, ${waiting.length} new` : text;
}

function togglePause() {
  isPaused = !isPaused;
  byId("pause").setAttribute("aria-pressed", String(isPaused));
  for (const entry of isPaused ? [] : waiting.splice(0)) addEntry(entry);
  showStatus();
}

async function clear() {
  await call("/clear", {});
  waiting = [];
  clearRows();
  clearDenials();
}

function focusFilter() {
  openView("traffic");
  byId("filter").focus();
}

/** The socket of this page. @type {WebSocket | undefined} */
let socket;

/** @param {string} text */
const showOwnStatus = (text) => {
  byId("own-status").textContent = text;
};

function toggleConnection() {
  if (socket) return socket.close(1000);
  const query = field("query").value.trim().replace(/^\?/, "");
  const protocols = field("subprotocols")
    .value.split(/[\s,]+/)
    .filter(Boolean);
  try {
    socket = new WebSocket(`ws://${location.host}/${stage}${query && `?${query}`}`, protocols);
  } catch (fault) {
    return showOwnStatus(/** @type {Error} */ (fault).message);
  }
  byId("connect").textContent = "Disconnect";
  showOwnStatus("Connecting…");
  socket.addEventListener("open", () => showOwnStatus("Connected. Answers are in the view Traffic."));
  socket.addEventListener("message", ({ data }) => showOwnStatus(`Connected. Last frame: ${data}`));
  socket.addEventListener("close", ({ code, reason }) => {
    socket = undefined;
    byId("connect").textContent = "Connect";
    const why = code === 1006 ? "refused or lost; the view Traffic shows the status" : `closed with ${code} ${reason}`;
    showOwnStatus(`The connection was ${why.trim()}.`);
  });
}

function sendFrame() {
  if (socket?.readyState !== WebSocket.OPEN) return showOwnStatus("Connect first.");
  socket.send(field("frame").value);
}

async function push() {
  const input = { connectionId: field("push-to").value, text: field("push-text").value };
  const { status } = await call("/push", input);
  byId("push-status").textContent = status === 200 ? "Sent." : `The push was answered with ${status}.`;
}

/** @param {string} id @param {() => void} action */
function onSubmit(id, action) {
  byId(id).addEventListener("submit", (event) => {
    event.preventDefault();
    action();
  });
}

/** By the position of the key, because Option on a Mac changes the character. @type {Record<string, () => void>} */
const ALT_KEYS = {
  KeyP: togglePause,
  KeyL: () => void clear(),
  ...Object.fromEntries(VIEWS.map((view, index) => [`Digit${index + 1}`, () => openView(view)])),
};

document.addEventListener("keydown", (event) => {
  const { altKey, ctrlKey, metaKey, code, key, target } = event;
  const isCommand = ctrlKey || metaKey;
  let action = altKey && !isCommand ? ALT_KEYS[code] : undefined;
  if (isCommand && code === "KeyK") action = focusFilter;
  if (isCommand && key === "Enter" && target instanceof HTMLTextAreaElement)
    action = () => target.form?.requestSubmit();
  if (!action) return;
  event.preventDefault();
  action();
});

for (const button of NAVIGATION) {
  button.addEventListener("click", () => openView(button.dataset.view ?? ""));
}
byId("filter").addEventListener("input", filterRows);
byId("kind").addEventListener("change", filterRows);
byId("pause").addEventListener("click", togglePause);
byId("clear").addEventListener("click", () => void clear());
byId("next-items").addEventListener("click", () => void loadItems(true));
onSubmit("table-form", () => void loadItems(false));
onSubmit("connect-form", toggleConnection);
onSubmit("frame-form", sendFrame);
onSubmit("push-form", () => void push());

clearDenials();
openView("traffic");
const events = new EventSource("/_inspect/events");
events.addEventListener("message", ({ data }) => show(JSON.parse(data)));
events.addEventListener("current", () => {
  showStatus();
  void loadState();
});
events.addEventListener("error", () => showStatus("Disconnected. The page connects again when the emulator runs."));
