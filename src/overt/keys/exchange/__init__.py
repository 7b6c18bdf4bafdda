"""The small signed files that pass between homes: shares on their way, requests, releases, orders to destroy."""
