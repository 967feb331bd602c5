"""The camera: live frames that a browser takes for a device, each with an invisible mark of when it was shown."""
