"""What has the focus: window, browser, the chain of documents, the field. One backend file per platform."""
