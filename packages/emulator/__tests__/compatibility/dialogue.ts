import { type Client, connect } from "../support/client.ts";

/*
 * A line of a dialogue:
 *
 *   Ann connects                           also: Ann connects with ?token=ann, Ann connects with token: hello
 *   Ann is refused with 401                also: Ann is refused with 403 with ?token=banned
 *   Ann > {"action":"say"}                 Ann sends a frame
 *   Ann < hello                            Ann's next frame
 *   Ann closes
 */
const LINE =
  /^(?<name>\w+) (?:(?<sign>[<>]) (?<frame>.*)|(?<verb>connects|closes|is refused with (?<status>\d{3}))(?: with (?<request>.+))?)$/;

type Clients = Map<string, Client>;

/** Plays a dialogue with an API. Rejects at the first line that does not hold. All connections are closed at the end. */
export async function playDialogue(url: string, dialogue: string): Promise<void> {
  const clients: Clients = new Map();
  try {
    for (const line of dialogue.trimEnd().split("\n")) await playLine(url, { clients, line });
  } finally {
    for (const client of clients.values()) await client.close();
  }
}

async function playLine(url: string, { clients, line }: { readonly clients: Clients; readonly line: string }) {
  const { name = "", sign, frame = "", verb = "", status, request } = LINE.exec(line)?.groups ?? {};
  if (verb === "connects") return void clients.set(name, await handshake(url, request));
  if (status !== undefined) return expectRefusal(url, { line, status, request });
  const client = clients.get(name);
  if (!client) throw new Error(`"${line}" is no line of a dialogue, or ${name} is not connected.`);
  if (verb === "closes") return void (await client.close());
  if (sign === ">") return client.send(frame);
  const received = await client.next();
  if (received !== frame) throw new Error(`Expected "${line}", but ${name} received: ${received}`);
}

/** `request` is a query string, or a header. */
function handshake(url: string, request = ""): Promise<Client> {
  const [header = "", value] = request.split(": ");
  return value === undefined ? connect(`${url}${request}`) : connect(url, { headers: { [header]: value } });
}

interface Refusal {
  readonly line: string;
  readonly status: string;
  readonly request: string | undefined;
}

async function expectRefusal(url: string, { line, status, request }: Refusal): Promise<void> {
  const outcome = await handshake(url, request).then(
    (client) => client.close().then(() => "a connection"),
    ({ message }: Error) => message,
  );
  if (outcome !== `Unexpected server response: ${status}`) throw new Error(`Expected "${line}", but got: ${outcome}`);
}
