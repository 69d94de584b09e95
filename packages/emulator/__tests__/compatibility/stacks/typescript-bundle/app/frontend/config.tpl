window.address = "wss://${api_id}.execute-api.${region}.amazonaws.com/${stage}";
