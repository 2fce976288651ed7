"""The portal page of the sandbox: what a customer sees and clicks."""
