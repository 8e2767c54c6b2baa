"""Where an archive's bytes are: folders, git states, unsaved texts."""
