"""Takes an order, prices it by the price list of this environment and puts it into the queue."""
import json
import logging
import os

VERSION = "@VERSION@"

log = logging.getLogger()
log.setLevel(os.environ.get("LOG_LEVEL", "INFO"))


def price_list():
    """The name and the factor of PRICE_LIST: NAME:FACTOR, or NAME alone where the factor is 1."""
    name, _, factor = os.environ["PRICE_LIST"].partition(":")
    return name, float(factor or "1")


def price(order):
    name, factor = price_list()
    total = sum(item["quantity"] * item["price"] for item in order["items"])
    return {"list": name, "total": round(total * factor, 2)}


def accept(order):
    if not order.get("items"):
        return {"statusCode": 400, "body": json.dumps({"error": "an order needs items"})}
    return {"statusCode": 200, "body": json.dumps({"version": VERSION, "price": price(order)})}


def send(order):
    import boto3  # part of the Lambda runtime

    boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=json.dumps(order))


def handle(event, context):
    order = json.loads(event.get("body") or "{}")
    answer = accept(order)
    if answer["statusCode"] == 200:
        send(order)
    log.info("order answered with %s", answer["statusCode"])
    return answer
