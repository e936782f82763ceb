"""Room 1: what a request or frame sends out through DingTalk, how it is tagged, and how it is refused."""
