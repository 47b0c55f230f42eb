const cdk = require("aws-cdk-lib");
const lambda = require("aws-cdk-lib/aws-lambda");

const app = new cdk.App();

const data = new cdk.Stack(app, "OrdersData", { stackName: "orders-data" });
const table = new cdk.aws_dynamodb.Table(data, "Table", {
  partitionKey: { name: "id", type: cdk.aws_dynamodb.AttributeType.STRING },
});

const api = new cdk.Stack(app, "OrdersApi", { stackName: "orders-api", tags: { part: "api" } });
const shared = new lambda.LayerVersion(api, "Shared", { code: lambda.Code.fromAsset("layer") });
const handler = new lambda.Function(api, "Handler", {
  functionName: "orders-api",
  runtime: lambda.Runtime.NODEJS_22_X,
  handler: "api.handle",
  code: lambda.Code.fromAsset("src/api"),
  layers: [shared],
  environment: { TABLE: table.tableName },
});
table.grantReadData(handler);
new cdk.CfnOutput(api, "FunctionName", { value: handler.functionName });
