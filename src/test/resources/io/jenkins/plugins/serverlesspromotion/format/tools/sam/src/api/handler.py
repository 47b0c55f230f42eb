import shared


def handle(event, context):
    return {"statusCode": 200, "body": shared.greeting()}
