"""Reports of a finished run. They read the result and the run's folder, never the engine."""
