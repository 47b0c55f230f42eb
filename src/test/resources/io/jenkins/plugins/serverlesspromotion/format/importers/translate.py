"""Capabilities of SAM templates by AWS's own translator.

Reads {name: template} as JSON, writes {name: capabilities} as JSON; "refused" for a template it does not take.
"""

import json
import logging
import sys
from unittest.mock import patch

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

logging.disable()

# The resources that need an acknowledgement (CloudFormation API reference, CreateStack, Capabilities), and their names.
IAM = ["AccessKey", "Group", "InstanceProfile", "ManagedPolicy", "Policy", "Role", "User", "UserToGroupAddition"]
NAMES = {"RoleName", "UserName", "GroupName", "ManagedPolicyName", "InstanceProfileName"}
APPLICATION = {"ApplicationId": "a", "SemanticVersion": "1.0.0", "Status": "ACTIVE", "TemplateId": "t",
               "TemplateUrl": "https://bucket.s3.amazonaws.com/key"}


class NoManagedPolicies:
    def load(self):
        return {}


def capabilities(template):
    source = json.loads(json.dumps(yaml_parse(template), default=str))
    needed = {"CAPABILITY_AUTO_EXPAND"} if '"Transform"' in json.dumps(source) else set()
    iam = [r for r in transform(source, {}, NoManagedPolicies())["Resources"].values()
           if r.get("Type") in ["AWS::IAM::" + name for name in IAM]]
    if any(NAMES & set(r.get("Properties") or {}) for r in iam):
        needed.add("CAPABILITY_NAMED_IAM")
    elif iam:
        needed.add("CAPABILITY_IAM")
    return " ".join(sorted(needed))


def answer(template):
    try:
        return capabilities(template)
    except Exception as e:
        print(repr(e), getattr(e, "causes", ""), file=sys.stderr)
        return "refused"


with patch("boto3.session.Session.region_name", "us-east-1"), patch(
    "samtranslator.plugins.application.serverless_app_plugin.ServerlessAppPlugin._make_service_call_with_retry",
    lambda *call: APPLICATION,
):
    print(json.dumps({name: answer(text) for name, text in json.load(sys.stdin).items()}))
