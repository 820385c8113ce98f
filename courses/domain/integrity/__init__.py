"""What in the answers of a test is worth a look. Nothing here says that anybody did anything."""
