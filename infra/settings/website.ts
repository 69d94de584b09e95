import * as v from "valibot";
import { partitionOf } from "../../aws/partition.ts";
import type { PageConfig } from "../../web/page-config.ts";
import type { Authentication } from "./authentication.ts";
import { type Domain, domain, domainName } from "./domain.ts";
import { group, text } from "./rules.ts";

const details = group({
  /** The page's own name: `https://<name>`. Not the name of the setting `domain`, which leads to API Gateway. */
  domain: v.exactOptional(domain),
  /** How users of an existing user pool sign in. For a pool of the stack, the stack creates both. */
  cognito: v.exactOptional(
    group({
      /** The host of the pool's sign-in pages, such as `chat.auth.eu-west-2.amazoncognito.com`. */
      domain: domainName,
      /** An app client for the page: without a secret, with the authorization code grant and the scope `openid`. */
      clientId: text(/^[\w+]{1,128}$/, "the id of one of the pool's app clients"),
    }),
  ),
});

/** The page: on, off, or on with details. */
export const website = v.lazy((value) =>
  typeof value === "object" ? details : v.boolean("true, false, or the settings domain and cognito"),
);

export type WebsiteDetails = Readonly<v.InferOutput<typeof details>>;

/** The settings of an environment that its page depends on. */
interface WithWebsite {
  readonly region: string;
  readonly authentication: Authentication;
  readonly domain?: Domain;
  readonly website?: boolean | WebsiteDetails;
}

type Features = Omit<PageConfig, "url" | "signIn">;

/** The settings that the page needs. Settings that are off are omitted. */
export function pageFeaturesOf({
  moderators,
  ownMessageMinutes,
  reactions,
  lastingMembership,
  unreadCounts,
  directConversations,
}: { readonly [Name in keyof Features]: Features[Name] | false }): Features {
  return {
    ...(moderators && { moderators }),
    ...(ownMessageMinutes && { ownMessageMinutes }),
    ...(reactions && { reactions }),
    ...(lastingMembership && { lastingMembership }),
    ...(unreadCounts && { unreadCounts }),
    ...(directConversations && { directConversations }),
  };
}

/** The details of an environment's page. Undefined if the environment has no page. */
export function websiteIn({ website }: Pick<WithWebsite, "website">): WebsiteDetails | undefined {
  if (website === true) return {};
  return website === false ? undefined : website;
}

/** The app client of the page in an existing user pool. */
export const pageClientIn = (environment: Pick<WithWebsite, "website">): string | undefined =>
  websiteIn(environment)?.cognito?.clientId;

/** The reason why an environment cannot have its page; undefined if it can. */
export function websiteRefusal(environment: WithWebsite): string | undefined {
  const details = websiteIn(environment);
  if (!details) return undefined;
  const { authentication, region } = environment;
  // https://docs.amazonaws.cn/en_us/aws/latest/userguide/cloudfront.html
  // https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/setting-up-cloudfront.html
  if (partitionOf(region).name !== "aws") {
    return `a website, which is not supported in ${region}: CloudFront differs in China, and is not available in GovCloud. Remove website, and host the page yourself`;
  }
  if (authentication.kind === "jwt" || authentication.kind === "iam") {
    return `a website, which cannot sign users in with the authentication "${authentication.kind}". Use "none" or "cognito", or remove website`;
  }
  return sharedName(environment, details) ?? cognitoRefusal(environment, details);
}

/** A name in DNS leads either to CloudFront or to API Gateway. */
function sharedName({ domain: own }: WithWebsite, { domain: page }: WebsiteDetails): string | undefined {
  if (!page || page.name !== own?.name) return undefined;
  return `the name ${page.name} in both domain and website.domain; allowed: different names, because one leads to API Gateway and the other to CloudFront. Use another name for the website, such as "www.${page.hostedZone}"`;
}

function cognitoRefusal({ authentication }: WithWebsite, { cognito }: WebsiteDetails): string | undefined {
  const pool = authentication.kind === "cognito" ? authentication.pool : undefined;
  if (pool && !cognito) {
    return `a website and an existing user pool, but not how its users sign in. Set website: { cognito: { domain, clientId } } to the host of the pool's sign-in pages and to an app client for the page`;
  }
  if (pool || !cognito) return undefined;
  return "website.cognito without an existing user pool. Set authentication.pool, or remove website.cognito: the stack creates both for its own pool";
}

/** The longest host name that CloudFront assigns. */
const LONGEST_HOST = `${"d".repeat(14)}.cloudfront.net`;

/** The origins of an environment's page, with the host name of its distribution. */
export function websiteOrigins(environment: Pick<WithWebsite, "website">, host = LONGEST_HOST): readonly string[] {
  const details = websiteIn(environment);
  return details ? [host, ...(details.domain ? [details.domain.name] : [])].map((name) => `https://${name}`) : [];
}
