var t=()=>new Promise(e=>document.hidden?e():requestAnimationFrame(()=>setTimeout(e)));export{t as a};
