import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import tls from "node:tls";
import type { PublicHosts } from "./public-hosts.ts";

/*
 * Runs in the thread of a function. Every HTTP client of Node.js, `fetch` included, opens its connections with
 * `tls.connect` and `Socket.connect`, so these are the only functions to replace. The client does not notice: it sends
 * the host name and the signature that it would send to AWS.
 */

const LOOPBACK = "127.0.0.1";

/** Host names of AWS, and the addresses that serve credentials to an EC2 instance or a container. */
const AWS_HOST =
  /(^|\.)(amazonaws\.com|amazonaws\.com\.cn|amazonwebservices\.com\.cn|api\.aws|on\.aws|amazoncognito\.com)$|^(169\.254\.169\.254|169\.254\.170\.2|169\.254\.170\.23|fd00:ec2::(23|254))$/;

export interface OutboundOptions {
  readonly functionName: string;
  readonly publicHosts: PublicHosts;
  /** Receives an explanation of each connection that is refused, because handlers often catch the error. */
  readonly report: (sentence: string) => void;
}

interface Target {
  readonly options: Readonly<Record<string, unknown>>;
  readonly host: string;
  /** The port on loopback, for a host of an emulated service. */
  readonly port: number | undefined;
}

/** Redirects connections to emulated services to loopback, and refuses connections to all other hosts of AWS. */
export function restrictConnections({ functionName, publicHosts, report }: OutboundOptions): void {
  const connectTls = tls.connect as Connect;
  const connectSocket = net.Socket.prototype.connect as Connect;

  function connect(this: net.Socket, ...args: unknown[]): net.Socket {
    const { options, host, port } = targetOf(args, publicHosts);
    if (port !== undefined) return connectSocket.call(this, { ...options, host: LOOPBACK, port }, callbackIn(args));
    if (!AWS_HOST.test(host)) return connectSocket.apply(this, args);
    const message = `The function ${functionName} requested ${host}, and no request leaves this machine for AWS. The emulator supports @connections of the stack's API, DynamoDB, Lambda and Secrets Manager, in the region of the stack. Use one of them, or replace the call with a mock.`;
    report(message);
    const lookup = (_host: string, _options: object, done: (fault: Error) => void): void =>
      done(Object.assign(new Error(message), { code: "ERR_AWS_HOST_NOT_EMULATED" }));
    // An address instead of a name would not be looked up.
    return connectSocket.call(this, { ...options, host: "refused.invalid", lookup }, callbackIn(args));
  }

  /** The services listen without TLS, so the client gets a plain connection that claims to be a secure one. */
  const connectWithTls: Connect = (...args) => {
    const { options, port } = targetOf(args, publicHosts);
    if (port === undefined || options.socket) return connectTls(...args);
    const socket = new net.Socket();
    const callback = callbackIn(args);
    if (callback) socket.once("secureConnect", callback);
    socket.once("connect", () => socket.emit("secureConnect"));
    return Object.assign(connectSocket.call(socket, { host: LOOPBACK, port }), { encrypted: true, authorized: true });
  };

  Object.assign(net.Socket.prototype, { connect });
  Object.assign(tls, { connect: connectWithTls });
  syncBuiltinESMExports();
}

type Connect = (this: unknown, ...args: unknown[]) => net.Socket;

/** The arguments are `(options)` or `(port, host)`, and a list of both when Node.js itself calls `Socket.connect`. */
function targetOf(args: readonly unknown[], publicHosts: PublicHosts): Target {
  const [first, ...rest] = args.flat();
  const isOptions = typeof first === "object" && first !== null;
  const options: Record<string, unknown> = isOptions
    ? { ...first }
    : Object.assign({ port: first, host: rest.find(isText) }, ...rest.filter(isRecord));
  const host = String(options.host ?? options.servername ?? "localhost")
    .toLowerCase()
    .replace(/^\[(.*)\]$|\.$/, "$1");
  const port = isText(options.path) ? undefined : (publicHosts[host] ?? publicHosts[`${host}:${options.port}`]);
  return { options, host, port };
}

const isText = (value: unknown): boolean => typeof value === "string";

const isRecord = (value: unknown): value is object => typeof value === "object" && value !== null;

const callbackIn = (args: readonly unknown[]): (() => void) | undefined =>
  args.flat().find((each): each is () => void => typeof each === "function");
