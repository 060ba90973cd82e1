"""Speed and memory, measured side by side with what a user would use instead. No part of what is installed."""
