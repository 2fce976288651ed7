// The customer portal of a SaaS with three tiers, as code.
//
// Prices are named by lookup key, so that the stacks `test` and `live` share every
// line; what differs between them is in `Pulumi.test.yaml` and `Pulumi.live.yaml`.
// Names are Stripe's own, as everywhere in this package.

import * as pulumi from "@pulumi/pulumi";
import {
  DefaultPortalConfiguration,
  PortalConfiguration,
  WebhookEndpoint,
  types,
} from "pulumi-stripe-portal";

const site = new pulumi.Config().require("site");

const profile = {
  headline: "Manage your subscription",
  privacy_policy_url: `${site}/privacy`,
  terms_of_service_url: `${site}/terms`,
};

/** A tier that customers can switch to, billed by month or year. */
function plan(name: string): types.input.SubscriptionUpdateProductArgs {
  return {
    prices: [{ lookup_key: `${name}_monthly` }, { lookup_key: `${name}_annual` }],
    adjustable_quantity: { enabled: true, minimum: 1, maximum: 100 },
  };
}

/** What customers can do who may switch between these plans. */
function selfService(...plans: string[]): types.input.FeaturesArgs {
  return {
    customer_update: {
      enabled: true,
      allowed_updates: ["email", "address", "tax_id"],
    },
    payment_method_update: { enabled: true },
    invoice_history: { enabled: true },
    subscription_cancel: {
      enabled: true,
      mode: "at_period_end",
      cancellation_reason: {
        enabled: true,
        options: [
          "too_expensive",
          "missing_features",
          "switched_service",
          "unused",
          "other",
        ],
      },
    },
    subscription_update: {
      enabled: true,
      default_allowed_updates: ["price", "quantity", "promotion_code"],
      proration_behavior: "create_prorations",
      products: plans.map(plan),
    },
  };
}

// For whoever has no plan yet, and for sessions that name no configuration. It is the
// one that the Dashboard edits: what is switched on there, this program switches off.
const defaultPortal = new DefaultPortalConfiguration("default", {
  business_profile: profile,
  default_return_url: `${site}/account`,
  features: {
    customer_update: { enabled: true, allowed_updates: ["email", "address"] },
    payment_method_update: { enabled: true },
    invoice_history: { enabled: true },
  },
  undeclared_features: "off",
});

// In an account that has no default, the one above is to become it: the others wait.
const later = { dependsOn: [defaultPortal] };

// Enterprise is sold by people: customers of the other tiers can't switch to it.
const standardPortal = new PortalConfiguration(
  "standard",
  {
    name: "Basic and Pro",
    business_profile: profile,
    default_return_url: `${site}/account`,
    features: selfService("basic", "pro"),
  },
  later,
);
const allPlansPortal = new PortalConfiguration(
  "all-plans",
  {
    name: "All plans",
    business_profile: profile,
    default_return_url: `${site}/account`,
    features: selfService("basic", "pro", "enterprise"),
  },
  later,
);

const events = new WebhookEndpoint("events", {
  url: `${site}/webhooks/stripe`,
  description: "Keeps plans and entitlements up to date",
  // In Python, the preset PORTAL_EVENTS.
  enabled_events: [
    "customer.subscription.created",
    "customer.subscription.updated",
    "customer.subscription.deleted",
    "customer.subscription.paused",
    "customer.subscription.resumed",
    "customer.updated",
    "customer.tax_id.created",
    "customer.tax_id.updated",
    "customer.tax_id.deleted",
    "payment_method.attached",
    "payment_method.detached",
    "invoice.paid",
    "billing_portal.configuration.created",
    "billing_portal.configuration.updated",
    "billing_portal.session.created",
  ],
});

export const standard = standardPortal.id;
export const allPlans = allPlansPortal.id;
export const webhookSecret = events.secret;
export default defaultPortal.id;
