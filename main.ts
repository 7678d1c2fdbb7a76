console.log("looop");
