"""Run by the release side after a deployment: orders something with what is deployed, without sending it on."""
import json

import handler


def check(event, context):
    try:
        answer = handler.accept({"items": [{"sku": "tea", "quantity": 2, "price": 3.5}]})
        refused = handler.accept({"items": []})
    except Exception as e:  # whatever it is, it is what the approver needs to read
        return {"statusCode": 500, "body": f"{type(e).__name__}: {e}"}
    if answer["statusCode"] != 200 or refused["statusCode"] != 400:
        return {"statusCode": 500, "body": json.dumps({"order": answer, "empty": refused})}
    return answer
