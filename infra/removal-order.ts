import type { TerraformResourceLifecycle } from "cdktf";

/**
 * For a resource that a setting can remove while another resource, which stays, refers to it. By default Terraform deletes
 * the resource first. AWS then refuses (an authorizer in a route), or what refers to it is broken until it is updated (a key
 * of a secret). With this, Terraform updates the resources that refer to it first. The same applies to everything that the
 * resource itself refers to, without being said there.
 *
 * Terraform remembers it in the state: it has to be applied once before the setting changes. Trap: a resource with a fixed
 * name must not be replaced under that name, because both exist for a moment. Of the resources that have this, the name
 * itself or the API's id is all that forces a replacement.
 * https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#create_before_destroy
 */
export const REMOVED_AFTER_ITS_USERS: TerraformResourceLifecycle = { createBeforeDestroy: true };
