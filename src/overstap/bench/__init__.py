"""How fast the annotation is, beside other tools and the limits of the machine, on the same ads in one run."""
