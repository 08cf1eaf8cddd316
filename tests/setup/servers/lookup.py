"""An MCP server in as few lines as it takes: one tool, `look_up`, over stdio."""

import json
import sys

TOOLS = [{"name": "look_up", "inputSchema": {"type": "object"}}]


def answer(method, params):
    if method == "initialize":
        return {
            "protocolVersion": params["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "lookup-py", "version": "1.0.0"},
        }
    if method == "tools/list":
        return {"tools": TOOLS}
    return {"content": [{"type": "text", "text": " ".join(sys.argv[1:])}]}


for line in sys.stdin:
    request = json.loads(line)
    if "id" in request:
        result = answer(request["method"], request.get("params", {}))
        print(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}), flush=True)
