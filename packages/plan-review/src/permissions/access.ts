import withoutAccess from "./types-without-access.json" with { type: "json" };

/**
 * Types of the AWS provider 6.25 that grant access only by the attributes in `GRANTS`, grouped by the first word
 * of their names. A type that is not listed grants access, or is newer than this list. Either way, its changes are reported.
 */
const WITHOUT_ACCESS: ReadonlySet<string> = new Set(
  Object.entries(withoutAccess).flatMap(([service, types]) =>
    types.split(" ").map((type) => (type === "." ? `aws_${service}` : `aws_${service}_${type}`)),
  ),
);

/** Providers whose resources exist only in the Terraform state or on the machine that runs Terraform. */
const LOCAL = /^(archive|cdktf|local|null|random|terraform|time|tls)_/;

/** Attributes of any resource that give others access to it. Attributes with roles and policies have their own rules. */
const GRANTS = new RegExp(
  `^(${[
    "(.*_)?polic(y|ies)_arns?",
    "(.*_)?(principals?|grants?|grantee|permissions?|acl|accounts|users?|groups)",
    "(access|inline|permission|redrive_allow|repository|resource|session)_polic(y|ies)",
    "access_policies|policies|policy|access_(control_policy|config|string)",
    "(.*_)?roles?(_arns?)?",
    "(is_)?public(ly_accessible)?|.*public_(access|connectivity|endpoint|ip)(_.*)?|(assign|map)_public_ip.*",
    "block_public_.*|ignore_public_acls|restrict_public_buckets",
    "authorization|auth(orization|entication)?_type|anonymous_auth_enabled|unauthenticated",
    "allow_(unauthenticated_identities|admin_create_user_only|external_.*|classic_flow)|authorize_all_groups",
    "allowed_(audience|clients|ip_range|organizations|principals|publishers)|trusted_.*",
    "ingress|cidr_allow_list|(ipv6_)?cidr_blocks|cidr_ipv[46]|public_access_cidrs",
    "iam_database_authentication_enabled|.*external_id|kms_keys_to_grant|whitelist_rules|with_privileged_access",
  ].join("|")})$`,
);

export const isWithoutAccess = (type: string): boolean => WITHOUT_ACCESS.has(type);

export const isLocal = (type: string): boolean => LOCAL.test(type);

/** Whether the attribute at a path, or one of its parents, may give others access to the resource. */
export const mayGrant = (path: string): boolean => path.split(".").some((step) => GRANTS.test(step));
