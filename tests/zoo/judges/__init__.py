"""What makes a model right, framework by framework, judged without Fanwise's own tables."""
