import { parseXml } from "../aws-models/xml.ts";
import type { AwsRequest, AwsResponse } from "./services.ts";

interface Stored {
  readonly kind: Kind;
  readonly id: string;
  /** The XML that was sent, without the tags. */
  config: string;
  tags: ReadonlyMap<string, string>;
  version: number;
}

/** The resources that this stands in for, by their part of the path. */
const KINDS = {
  distribution: { root: "Distribution", config: "DistributionConfig" },
  "origin-access-control": { root: "OriginAccessControl", config: "OriginAccessControlConfig" },
  "response-headers-policy": { root: "ResponseHeadersPolicy", config: "ResponseHeadersPolicyConfig" },
};

type Kind = keyof typeof KINDS;

const PATH = new RegExp(`^/2020-05-31/(${Object.keys(KINDS).join("|")})(?:/([^/?]+))?`);
const TAGGING = /^\/2020-05-31\/tagging\?/;

/** Identifies the resource in its ARN, and is the name of the distribution. */
const idOf = (account: string, count: number): string => `E${account}${count}`;

/** What refers to a resource must be deleted or changed first. https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DeleteDistribution.html */
const REFUSALS = {
  distribution: "DistributionNotDisabled",
  "origin-access-control": "OriginAccessControlInUse",
  "response-headers-policy": "ResponseHeadersPolicyInUse",
} satisfies Record<Kind, string>;

/**
 * CloudFront instead of moto's: moto has no response headers policies, and forgets the origin access control and other settings
 * of a distribution. Like AWS, it refuses to delete an enabled distribution, and whatever a distribution uses.
 */
export function cloudFront(account: string): (asked: AwsRequest) => AwsResponse | undefined {
  const stored = new Map<string, Stored>();
  const arnOf = ({ kind, id }: Stored): string => `arn:aws:cloudfront::${account}:${kind}/${id}`;

  function create(kind: Kind, body: string): AwsResponse {
    const id = idOf(account, stored.size + 1);
    const made = { kind, id, config: configIn(kind, body), tags: tagsIn(body), version: 1 };
    stored.set(id, made);
    return shown(made, 201);
  }

  function shown(found: Stored, status = 200): AwsResponse {
    const { kind, id, config, version } = found;
    const { root } = KINDS[kind];
    const own = kind === "distribution" ? deployedXml(arnOf(found), id) : "";
    const time = "<LastModifiedTime>2026-11-27T00:00:00Z</LastModifiedTime>";
    return {
      status,
      headers: { etag: `V${version}` },
      body: `<${root}><Id>${id}</Id>${own}${time}${config}</${root}>`,
    };
  }

  function remove({ kind, id, config }: Stored): AwsResponse {
    const users = [...stored.values()].filter((other) => other.config.includes(`>${id}<`));
    const isInUse = kind === "distribution" ? isEnabled(config) : users.length > 0;
    if (isInUse) return refusal(409, REFUSALS[kind]);
    stored.delete(id);
    return { status: 204 };
  }

  function tag({ method, url, body }: AwsRequest): AwsResponse {
    const query = new URL(url, "http://aws").searchParams;
    const found = [...stored.values()].find((each) => arnOf(each) === query.get("Resource"));
    if (!found) return refusal(404, "NoSuchResource");
    if (method === "GET") return { status: 200, body: `<Tags><Items>${tagsXml(found.tags)}</Items></Tags>` };
    const removed = [...body.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, key]) => key);
    const kept = [...found.tags].filter(([key]) => !removed.includes(key));
    found.tags = new Map([...kept, ...(query.get("Operation") === "Tag" ? tagsIn(body) : [])]);
    return { status: 204 };
  }

  /** A list names as much as the certificates of distributions. */
  const collection = (kind: Kind, { method, body }: AwsRequest): AwsResponse =>
    method === "POST"
      ? create(kind, body)
      : { status: 200, body: `<Items>${[...stored.values()].map(({ config }) => config).join("")}</Items>` };

  function single(kind: Kind, id: string, { method, body }: AwsRequest): AwsResponse {
    const found = stored.get(id);
    if (!found) return refusal(404, `NoSuch${KINDS[kind].root}`);
    if (method === "DELETE") return remove(found);
    if (method === "PUT") Object.assign(found, { config: configIn(kind, body), version: found.version + 1 });
    return shown(found);
  }

  return (asked) => {
    if (TAGGING.test(asked.url)) return tag(asked);
    const [, kind, id] = PATH.exec(asked.url) ?? [];
    if (!kind) return undefined;
    return id === undefined ? collection(kind as Kind, asked) : single(kind as Kind, id, asked);
  };
}

const isEnabled = (config: string): boolean =>
  parseXml(config).children.some(({ name, text }) => name === "Enabled" && text === "true");

const deployedXml = (arn: string, id: string): string =>
  [
    `<ARN>${arn}</ARN><Status>Deployed</Status><DomainName>${id.toLowerCase()}.cloudfront.net</DomainName>`,
    "<InProgressInvalidationBatches>0</InProgressInvalidationBatches>",
    ...["ActiveTrustedSigners", "ActiveTrustedKeyGroups"].map(
      (name) => `<${name}><Enabled>false</Enabled><Quantity>0</Quantity></${name}>`,
    ),
  ].join("");

const NO_ORIGIN_GROUPS = "<OriginGroups><Quantity>0</Quantity></OriginGroups>";

function configIn(kind: Kind, body: string): string {
  const { config } = KINDS[kind];
  const [, inner = ""] = new RegExp(`<${config}(?:\\s[^>]*)?>(.*)</${config}>`, "s").exec(body) ?? [];
  // AWS returns an empty list where none was sent.
  const groups = kind === "distribution" && !inner.includes("<OriginGroups>") ? NO_ORIGIN_GROUPS : "";
  return `<${config}>${inner}${groups}</${config}>`;
}

const tagsIn = (body: string): ReadonlyMap<string, string> =>
  new Map(
    [...body.matchAll(/<Tag><Key>(.*?)<\/Key><Value>(.*?)<\/Value><\/Tag>/g)].map(([, key = "", value = ""]) => [
      key,
      value,
    ]),
  );

const tagsXml = (tags: ReadonlyMap<string, string>): string =>
  [...tags].map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`).join("");

const refusal = (status: number, code: string): AwsResponse => ({
  status,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
});
