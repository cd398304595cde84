//! What a recorder wrote of somebody's own model while it trained.
